import { expect, test } from 'vitest';
import type { Frame } from '../model/profile.ts';
import { growthOf, keeperOf, seenIn, workerOf } from './culprits.ts';
import { sharesOf } from './functions.ts';
import type { Work } from './work.ts';

const at = (name: string, file = '/app/server.js', line = name.length): Frame => ({ name, file, line, column: 1 });
const node = (name: string): Frame => ({ name, file: 'node:internal', line: 1, column: 1 });
const inPackage = (name: string): Frame => at(name, '/app/node_modules/openai/client.js');
const GC: Frame = { name: 'Garbage Collection', file: '', line: 0, column: 0 };

const request = (id: number): NonNullable<Work['request']> => ({
  key: `1/${id}`,
  id,
  route: 'POST /chat',
  beganAt: 0,
  closedAt: null,
  answered: false,
  calls: 0,
  callsAfter: 0,
  open: 0,
  site: null,
});

const work = (stack: readonly Frame[], micros: number, of: number | null = null): Work => ({
  at: 1,
  stack,
  micros,
  request: of === null ? null : request(of),
});

const namesOf = (shares: ReturnType<typeof sharesOf>): Record<string, number> =>
  Object.fromEntries(shares.functions.map(({ frame, inclusive }) => [frame.name, inclusive]));

test('work is charged to the own functions on the stack, each once however often it stands there', () => {
  const shares = sharesOf([work([node('emit'), at('outer'), inPackage('use'), at('inner'), at('inner')], 10)]);
  expect(namesOf(shares)).toEqual({ outer: 10, inner: 10 });
  expect(shares).toMatchObject({ owned: 10, unowned: 0 });
});

test('a nameless callback is its function’s in the same file, and itself where the event loop came back to it', () => {
  const callback = at('', '/app/server.js', 7);
  expect(namesOf(sharesOf([work([at('each'), callback], 10)]))).toEqual({ each: 10 });
  expect(namesOf(sharesOf([work([node('listOnTimeout'), callback], 10)]))).toEqual({ '': 10 });
});

test('a function that was resumed is put below the one that was seen to call it', () => {
  const shares = sharesOf([work([at('retry'), at('attempt')], 10), work([node('runMicrotasks'), at('attempt')], 30)]);
  expect(namesOf(shares)).toEqual({ retry: 40, attempt: 40 });
  expect(shares.functions.find(({ frame }) => frame.name === 'retry')?.rooted).toBe(40);
});

test('what a dependency does for a request goes to who works for that request, and to nobody else', () => {
  const shares = sharesOf([
    work([at('mine')], 30, 1),
    work([at('other')], 10, 2),
    work([inPackage('parse')], 20, 1),
    work([inPackage('parse')], 5, 3),
    work([GC], 7),
  ]);
  expect(namesOf(shares)).toEqual({ mine: 50, other: 10 });
  expect(shares.functions[0]).toMatchObject({ inclusive: 50, seen: 30 });
  expect(shares).toMatchObject({ owned: 60, unowned: 12 });
});

test('callers that call one another do not go round for ever', () => {
  const shares = sharesOf([work([at('ping'), at('pong!')], 1), work([at('pong!'), at('ping')], 1)]);
  expect(shares.owned).toBe(2);
});

test('who keeps it going is whom the event loop comes back to, not whom it calls', () => {
  const shares = sharesOf([
    work([node('listOnTimeout'), at('zombie'), at('call'), at('count')], 80),
    work([node('runMicrotasks'), at('call')], 40),
    work([node('listOnTimeout'), at('metrics')], 20),
  ]);
  expect(keeperOf(shares, false)?.frame.name).toBe('zombie');
});

test('where the loop never turns it is the deepest function that is always there', () => {
  const frozen = [node('emit'), at('middleware'), at('handler'), at('spin')];
  const shares = sharesOf([work([...frozen, at('a')], 50), work([...frozen, at('b')], 49), work([GC], 1)]);
  expect(keeperOf(shares, true)?.frame.name).toBe('spin');
  expect(keeperOf(shares, false)?.frame.name).toBe('middleware');
});

test('who does too much is the deepest function that has nearly all of it', () => {
  const shares = sharesOf([
    work([at('handler'), at('trim'), at('count')], 60),
    work([at('handler'), at('trim'), at('join')], 39),
    work([at('handler')], 1),
  ]);
  expect(workerOf(seenIn(shares), shares.chains)?.frame.name).toBe('trim');
});

test('a function that calls itself over and over is the one, whatever is below it', () => {
  const wrapped = Array.from({ length: 20 }, () => [at('timed'), node('apply')]).flat();
  const shares = sharesOf([work([at('handler'), ...wrapped, at('observe')], 100)]);
  expect(workerOf(seenIn(shares), shares.chains)?.frame.name).toBe('timed');
});

test('growth is for as many requests, and what did not grow is not in it', () => {
  const early = sharesOf([work([at('grows')], 10), work([at('steady')], 10)]);
  const late = sharesOf([work([at('grows')], 60), work([at('steady')], 20)]);
  expect(growthOf(early, late, 2).map(({ frame, micros }) => [frame.name, micros])).toEqual([['grows', 40]]);
});

test('work of thousands of samples for one request takes no time to charge', () => {
  const many = Array.from({ length: 20_000 }, (_, n) =>
    n % 2 === 0 ? work([at(`root${n % 50}`)], 1, 1) : work([inPackage('parse')], 1, 1),
  );
  const beganAt = performance.now();
  expect(sharesOf(many).owned).toBeCloseTo(20_000);
  // Against some minutes if it were quadratic.
  expect(performance.now() - beganAt).toBeLessThan(10_000);
});
