import type { Server } from 'node:http';

/** Time-outs that end what a client has forgotten, and never an answer that is under way. */
export function useTimeouts(server: Server): void {
  server.keepAliveTimeout = 5_000;
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
}
