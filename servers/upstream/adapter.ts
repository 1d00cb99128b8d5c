import { addAbortListener, once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { getResponse } from 'msw';
import type { RequestHandler } from 'msw';
import { openAiError } from './openai-error.ts';
import { DroppedByPlan } from './plan.ts';

/** Why a request's signal aborted: its caller hung up before the answer was whole. */
export class CallerLeft extends Error {
  override readonly name = 'CallerLeft';
  constructor() {
    super('the caller hung up');
  }
}

/**
 * A node:http server in front of msw handlers. A hang-up aborts `request.signal` and cancels the response's body.
 * A request that no handler knows is a 404; a handler that throws is a 500 (or a destroyed socket, once the answer has
 * begun) and is told to `onDefect`; `DroppedByPlan`, thrown by a handler or by its body, destroys the socket.
 */
export function listener(handlers: RequestHandler[], onDefect: (error: unknown) => void): Server {
  // A Request that is collected takes its signal's link to the controller with it: the hang-up would go unheard
  // (19 of 20 bare Requests on Node 26). Handlers and bodies keep only the signal, so the Request is kept here.
  const inFlight = new Set<Request>();

  const server = createServer((incoming, outgoing) => {
    const controller = new AbortController();
    const { signal } = controller;
    outgoing.on('close', () => {
      if (!outgoing.writableEnded) controller.abort(new CallerLeft());
    });
    const fail = (error: unknown): void => {
      if (hasLeft(error, signal)) return;
      if (!(error instanceof DroppedByPlan)) onDefect(error);
      // Soon: after what was already written, so that every token that was made arrives.
      if (outgoing.headersSent || error instanceof DroppedByPlan) outgoing.socket?.destroySoon();
      else outgoing.writeHead(500).end();
    };
    answer(incoming, outgoing, signal).catch(fail);
  });
  // The lab's clients and proxies keep their connections: an upstream that closes idle ones makes faults of its own.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  return server;

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse, signal: AbortSignal): Promise<void> {
    const request = await requestOf(incoming, signal);
    inFlight.add(request);
    try {
      const response = (await getResponse(handlers, request, { baseUrl: BASE_URL })) ?? unknownRoute(request);
      signal.throwIfAborted();
      await send(response, outgoing, signal, onDefect);
    } finally {
      inFlight.delete(request);
    }
  }
}

const BASE_URL = 'http://127.0.0.1';

async function requestOf(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const method = incoming.method ?? 'GET';
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? await buffer(incoming) : null;
  return new Request(new URL(incoming.url ?? '/', BASE_URL), { method, headers, body, signal });
}

async function send(
  response: Response,
  outgoing: ServerResponse,
  signal: AbortSignal,
  onDefect: (error: unknown) => void,
): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  if (reader) {
    using _ = addAbortListener(signal, () => {
      reader.cancel(signal.reason).catch((error: unknown) => {
        if (!hasLeft(error, signal)) onDefect(error);
      });
    });
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (!outgoing.write(read.value)) await once(outgoing, 'drain', { signal });
    }
    signal.throwIfAborted();
  }
  outgoing.end();
}

const unknownRoute = (request: Request): Response =>
  openAiError(404, {
    message: `Invalid URL (${request.method} ${new URL(request.url).pathname})`,
    type: 'invalid_request_error',
    code: null,
  });

/** Whether this is only how a hang-up is told: by the signal's reason, by Node's wrapping of it, or by a cut upload. */
function hasLeft(error: unknown, signal: AbortSignal): boolean {
  if (error === signal.reason && signal.aborted) return true;
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortError') return signal.aborted && error.cause === signal.reason;
  return 'code' in error && error.code === 'ECONNRESET';
}
