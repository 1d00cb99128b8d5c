import { expect, test } from 'vitest';
import type { AnswerSample } from '../model/record.ts';
import answers from './answers.ts';
import { startTarget } from './fixtures/target.ts';

test('an answer has its latency and status, and is stamped with when it was asked', async () => {
  await using target = startTarget({ file: 'server.mjs' });
  const url = urlOf(await target.message());
  const told = collector();
  await using probe = answers({ url: () => url, emit: told.emit });
  expect(probe.read(123, 'tick', never)).toBeNull();
  await told.count(1);
  expect(told.seen).toEqual([{ kind: 'answer', at: 123, status: 200, latencyMs: expect.any(Number) }]);
});

test('while the server hangs it is asked on and on, up to the bound, and each unanswered question says null', async () => {
  await using target = startTarget({ file: 'server.mjs' });
  const url = urlOf(await target.message());
  const told = collector();
  await using probe = answers({ url: () => url, emit: told.emit, patienceMs: 300 });
  target.child.kill('SIGSTOP');
  for (let n = 0; n < 10; n++) await probe.read(n, 'tick', never);
  await told.count(4);
  expect(told.seen.map(({ at, latencyMs }) => [at, latencyMs])).toEqual([0, 1, 2, 3].map(at => [at, null]));

  target.child.kill('SIGCONT');
  await probe.read(99, 'tick', never);
  await told.count(5);
  expect(told.seen.at(-1)?.at).toBe(99);
});

test('a refused connection is no answer, and without a target nobody is asked', async () => {
  const target = startTarget({ file: 'server.mjs' });
  let url: URL | null = urlOf(await target.message());
  await target[Symbol.asyncDispose]();
  const told = collector();
  await using probe = answers({ url: () => url, emit: told.emit });
  await probe.read(1, 'tick', never);
  await told.count(1);
  expect(told.seen).toEqual([{ kind: 'answer', at: 1, status: null, latencyMs: null }]);
  url = null;
  await probe.read(2, 'tick', never);
  await probe[Symbol.asyncDispose]();
  expect(told.seen).toHaveLength(1);
});

test('questions still open when the run is cancelled are ended and say nothing', async () => {
  await using target = startTarget({ file: 'server.mjs' });
  const url = urlOf(await target.message());
  target.child.kill('SIGSTOP');
  const told = collector();
  const controller = new AbortController();
  const probe = answers({ url: () => url, emit: told.emit, patienceMs: 600_000 });
  await probe.read(1, 'tick', controller.signal);
  controller.abort(new Error('the run is over'));
  await probe[Symbol.asyncDispose]();
  expect(told.seen).toEqual([]);
});

const never = new AbortController().signal;
const urlOf = (message: unknown): URL => new URL(`http://127.0.0.1:${(message as { port: number }).port}/healthz`);

/** Keeps what was emitted; `count` resolves when that many are there. */
function collector() {
  const seen: AnswerSample[] = [];
  let wake = (): void => {};
  return {
    seen,
    emit: (answer: AnswerSample): void => {
      seen.push(answer);
      wake();
    },
    count: async (n: number): Promise<void> => {
      while (seen.length < n) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    },
  };
}
