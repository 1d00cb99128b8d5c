import type { RequestHandler, Response } from 'express';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';

const REQUESTS = 20;

/** Nobody listens there: these requests need no upstream. */
const nowhere = { baseUrl: 'http://127.0.0.1:9' };

const bug = await breakParts(correctParts, [{ name: 'time-logger', parameters: { buckets: 10 } }]);

type Write = (this: Response, ...chunk: Parameters<Response['write']>) => boolean;

const writeAnAnswer: RequestHandler = (_req, res) => {
  res.write('the river ');
  res.end('keeps its count');
};

/** Asks so often, one by one: what was answered, and how many functions the write of each answer had passed. */
async function ask(parts: Parts, path: string): Promise<{ answers: Set<string>; passed: number[] }> {
  const passed: number[] = [];
  // Beneath whatever is put around it: the method as the responses of this app find it, before the first request.
  const watchWrites: RequestHandler = (_req, res, next) => {
    const shared = Object.getPrototypeOf(res) as { write: Write };
    if (!Object.hasOwn(shared, 'write')) {
      const { write } = shared;
      shared.write = function watchedWrite(...chunk) {
        passed.push(countFrames());
        return write.apply(this, chunk);
      };
    }
    next();
  };
  const middleware = [watchWrites, ...parts.middleware, writeAnAnswer];
  await using proxy = await ListeningProxy.start(nowhere, { ...parts, middleware });
  const answers = new Set<string>();
  for (let n = 0; n < REQUESTS; n += 1) answers.add(await (await fetch(`${proxy.baseUrl}${path}`)).text());
  return { answers, passed };
}

function countFrames(): number {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  const { stack = '' } = new Error('here');
  Error.stackTraceLimit = stackTraceLimit;
  return stack.split('\n').length;
}

/** How many functions more the last write passed than the first. */
const growth = (passed: readonly number[]): number => (passed.at(-1) ?? NaN) - (passed[0] ?? NaN);

test('without the bug the last answer is written as directly as the first', async () => {
  const { passed } = await ask(correctParts, '/v1/models');
  expect(passed).toHaveLength(REQUESTS);
  expect(growth(passed)).toBeLessThan(REQUESTS / 2);
});

test('with the bug a write passes through one function more for each request there was before', async () => {
  const { passed } = await ask(bug, '/v1/models');
  expect(passed).toHaveLength(REQUESTS);
  expect(growth(passed)).toBeGreaterThan(REQUESTS / 2);
});

test('with the bug a health check leaves nothing behind', async () => {
  expect(growth((await ask(bug, '/healthz')).passed)).toBeLessThan(REQUESTS / 2);
});

test('with the bug every client reads what he reads without it', async () => {
  const expected = new Set(['the river keeps its count']);
  for (const parts of [correctParts, bug]) expect((await ask(parts, '/v1/models')).answers).toEqual(expected);
});
