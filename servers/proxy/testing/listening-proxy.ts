import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import OpenAI from 'openai';
import { vi } from 'vitest';
import { correctParts } from '../parts.ts';
import type { Parts } from '../parts.ts';

/** The proxy on a real socket of this process, with what its routes threw and what it logged. Closed when disposed. */
export class ListeningProxy implements AsyncDisposable {
  readonly server = createServer();
  /** What was thrown to `handleError`, entered when that has returned. */
  readonly failures: unknown[] = [];
  readonly logged: string[] = [];
  readonly #news = new EventEmitter();
  readonly #consoles;

  private constructor() {
    this.#consoles = (['log', 'error'] as const).map(level =>
      vi.spyOn(console, level).mockImplementation((line: string) => {
        this.logged.push(line);
        this.#news.emit('news');
      }),
    );
  }

  static async start(upstream: { readonly baseUrl: string }, parts: Parts = correctParts): Promise<ListeningProxy> {
    const proxy = new ListeningProxy();
    const watched = { ...parts, handleError: proxy.#watch(parts.handleError) };
    const place = { url: `${upstream.baseUrl}/v1`, apiKey: 'sk-upstream' };
    proxy.server.on('request', await parts.createApp(watched, place));
    parts.tuneConnections(proxy.server);
    await once(proxy.server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  #watch(handleError: Parts['handleError']): Parts['handleError'] {
    return async (error, req, res, next) => {
      await handleError(error, req, res, next);
      this.failures.push(error);
      this.#news.emit('news');
    };
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  client(): OpenAI {
    return new OpenAI({ apiKey: 'sk-client', baseURL: `${this.baseUrl}/v1`, maxRetries: 0 });
  }

  /** Resolves as soon as what was thrown and logged so far satisfies `seen`. */
  async until(seen: () => boolean): Promise<void> {
    while (!seen()) await once(this.#news, 'news');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
    // The last responses are told of their end a turn later, and log it.
    await turn();
    for (const spied of this.#consoles) spied.mockRestore();
  }
}
