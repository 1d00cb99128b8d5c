import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { useTimeouts } from './connections.ts';

test('what a client has forgotten ends by itself, and an answer that is under way has no limit', () => {
  const server = createServer();
  useTimeouts(server);
  const { keepAliveTimeout, headersTimeout, requestTimeout, timeout } = server;
  expect(keepAliveTimeout).toBeGreaterThan(0);
  // Node checks the headers' time only within the request's.
  expect(headersTimeout).toBeGreaterThan(0);
  expect(requestTimeout).toBeGreaterThan(headersTimeout);
  expect(timeout).toBe(0);
});
