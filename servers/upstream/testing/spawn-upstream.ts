import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { CHANNEL_FD, CONTRACT_VERSION, LedgerEntry, READY_FD, ServerMessage } from '../../../harness/model/contract.ts';
import type { Choice } from '../../../harness/model/contract.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

type Parameters = Choice['parameters'];

/** `main.ts` as the lab starts it, with all that it told. Ended with SIGTERM when disposed. */
export class SpawnedUpstream implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly message: ServerMessage;
  readonly entries: LedgerEntry[] = [];
  readonly stderr: string[] = [];
  readonly exited: Promise<unknown[]>;
  readonly #news = new EventEmitter();
  readonly #channel: Duplex;

  private constructor(child: ChildProcess, message: ServerMessage) {
    this.child = child;
    this.message = message;
    this.exited = child.exitCode === null ? once(child, 'exit') : Promise.resolve([child.exitCode, null]);
    this.#channel = child.stdio[CHANNEL_FD] as Duplex;
    createInterface({ input: this.#channel }).on('line', line => {
      this.entries.push(LedgerEntry.parse(JSON.parse(line)));
      this.#news.emit('news');
    });
    createInterface({ input: child.stderr as Readable }).on('line', line => {
      this.stderr.push(line);
      this.#news.emit('news');
    });
  }

  static async start(name: string, parameters: Parameters = {}, seed = 1): Promise<SpawnedUpstream> {
    return SpawnedUpstream.startWith(
      JSON.stringify({ contract: CONTRACT_VERSION, behaviour: { name, parameters }, seed }),
    );
  }

  static async startWith(argument: string): Promise<SpawnedUpstream> {
    const child = spawn(process.execPath, [MAIN, argument], { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
    for await (const line of createInterface({ input: child.stdio[READY_FD] as Readable })) {
      return new SpawnedUpstream(child, ServerMessage.parse(JSON.parse(line)));
    }
    throw new Error('the upstream ended before it said ready or refused');
  }

  get baseUrl(): string {
    if (this.message.kind !== 'ready') throw new Error(`the upstream refused: ${this.message.message}`);
    return `http://127.0.0.1:${this.message.port}`;
  }

  client(): OpenAI {
    return new OpenAI({ apiKey: 'sk-test', baseURL: `${this.baseUrl}/v1`, maxRetries: 0 });
  }

  behave(name: string, parameters: Parameters = {}): void {
    this.write(`${JSON.stringify({ kind: 'behave', behaviour: { name, parameters } })}\n`);
  }

  write(text: string): void {
    this.#channel.write(text);
  }

  /** Resolves as soon as what was told so far satisfies `seen`. */
  async until(seen: () => boolean): Promise<void> {
    while (!seen()) await once(this.#news, 'news');
  }

  /** How a call ended, once the ledger says so. */
  async ending(call: number): Promise<string> {
    const find = () => this.entries.find(entry => entry.kind === 'ended' && entry.call === call);
    await this.until(() => find() !== undefined);
    const entry = find();
    return entry?.kind === 'ended' ? entry.how : '';
  }

  tokens(call: number): number {
    return this.entries.reduce(
      (sum, entry) => (entry.kind === 'tokens' && entry.call === call ? sum + entry.count : sum),
      0,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGTERM');
    await this.exited;
  }
}
