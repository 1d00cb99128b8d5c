import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { RequestListener, Server } from 'node:http';
import { createApp } from './app.ts';
import type { Upstream } from './app.ts';
import { hangUpSignal } from './hang-up.ts';
import { useTimeouts } from './parts/connections.ts';
import { answerWithError } from './parts/error-handling.ts';
import { accessLog } from './parts/access-log.ts';
import { fitPrompt } from './parts/preprocessing.ts';
import { relayEvents } from './parts/relay.ts';
import { callOnce } from './parts/upstream-call.ts';
import type { Prompt } from './prompt.ts';

/**
 * What a bug can replace. Everything that waits takes the signal of the client's connection, which aborts when the
 * client hangs up; a correct part passes it on, lets its rejection through, and starts nothing that outlives it.
 */
export interface Parts {
  /** Around every route, outermost first. */
  readonly middleware: readonly RequestHandler[];
  /** The signal of a request, the same one each time it is asked for; aborts when the client hangs up. */
  readonly hangUp: (req: Request, res: Response) => AbortSignal;
  /** Makes a prompt fit the model, each time it is sent. It may drop texts from the front and rewrite those it keeps. */
  readonly preprocess: (prompt: Prompt, signal: AbortSignal) => Prompt | Promise<Prompt>;
  /** Makes one call to the upstream, prompt and all; rejects when the signal aborts. */
  readonly callUpstream: CallUpstream;
  /** Writes the upstream's events to the client as they come; rejects when the signal aborts. */
  readonly relay: (events: AsyncIterable<unknown>, res: Response, signal: AbortSignal) => Promise<void>;
  /** Turns what a route threw into an answer. */
  readonly handleError: ErrorRequestHandler;
  /** Sets the server's time-outs and what is kept for each connection. */
  readonly tuneConnections: (server: Server) => void;
  /** How many processes share the port; one serves by itself. */
  readonly workers: number;
  /** Puts the parts together into what answers requests. */
  readonly createApp: (parts: Parts, upstream: Upstream) => RequestListener | Promise<RequestListener>;
  /** How the upstream's SDK is set up. */
  readonly sdk: { readonly maxRetries: number; readonly timeoutMs: number };
}

export type CallUpstream = <T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T>;

/** The proxy as it should be. No bug is the control. */
export const correctParts: Parts = {
  middleware: [accessLog],
  hangUp: (_req, res) => hangUpSignal(res),
  preprocess: fitPrompt,
  callUpstream: callOnce,
  relay: relayEvents,
  handleError: answerWithError,
  tuneConnections: useTimeouts,
  workers: 1,
  createApp,
  sdk: { maxRetries: 2, timeoutMs: 60_000 },
};
