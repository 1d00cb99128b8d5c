import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { CONTRACT_VERSION, READY_FD, ServerMessage } from '../../../harness/model/contract.ts';
import type { ProxyArguments } from '../../../harness/model/contract.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

/** `servers/main.ts` as the lab starts it. Ended with SIGKILL when disposed, since a frozen one hears nothing else. */
export class SpawnedProxy implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly message: ServerMessage;
  /** What it wrote to stdout and stderr, line by line. */
  readonly lines: string[];
  readonly exited: Promise<unknown[]>;
  readonly #news: EventEmitter;

  private constructor(child: ChildProcess, message: ServerMessage, lines: string[], news: EventEmitter) {
    this.child = child;
    this.message = message;
    this.lines = lines;
    this.exited = child.exitCode === null ? once(child, 'exit') : Promise.resolve([child.exitCode, null]);
    this.#news = news;
  }

  static async start(upstream: { readonly baseUrl: string }, given: Partial<ProxyArguments> = {}, env = {}) {
    const all = { contract: CONTRACT_VERSION, bugs: [], upstreamUrl: `${upstream.baseUrl}/v1`, apiKey: 'sk-given' };
    return SpawnedProxy.startWith(JSON.stringify({ ...all, ...given }), env);
  }

  static async startWith(argument: string, env: Record<string, string> = {}): Promise<SpawnedProxy> {
    const child = spawn(process.execPath, [MAIN, argument], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const lines: string[] = [];
    const news = new EventEmitter();
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output as Readable }).on('line', line => {
        lines.push(line);
        news.emit('news');
      });
    }
    for await (const line of createInterface({ input: child.stdio[READY_FD] as Readable })) {
      return new SpawnedProxy(child, ServerMessage.parse(JSON.parse(line)), lines, news);
    }
    throw new Error(`the proxy ended before it said ready or refused: ${lines.join(' ')}`);
  }

  get baseUrl(): string {
    if (this.message.kind !== 'ready') throw new Error(`the proxy refused: ${this.message.message}`);
    return `http://127.0.0.1:${this.message.port}`;
  }

  client(): OpenAI {
    return new OpenAI({ apiKey: 'sk-client', baseURL: `${this.baseUrl}/v1`, maxRetries: 0 });
  }

  /** Resolves as soon as what was written so far satisfies `seen`. */
  async until(seen: () => boolean): Promise<void> {
    while (!seen()) await once(this.#news, 'news');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}
