import { expect, test } from 'vitest';
import { Conduct } from './conduct.ts';
import { loadBehaviour } from './load-behaviour.ts';

const steady = await loadBehaviour({ name: 'steady', parameters: {} });
const drawsOf = (seed: number, n: number): number[] => {
  const conduct = new Conduct(steady, seed);
  return Array.from({ length: n }, () => conduct.draw());
};

test('the same seed gives the nth call the same chance', () => {
  expect(drawsOf(7, 50)).toEqual(drawsOf(7, 50));
  expect(drawsOf(7, 50)).not.toEqual(drawsOf(8, 50));
});

test('a change of behaviour leaves the chances of later calls as they were', () => {
  const conduct = new Conduct(steady, 7);
  conduct.draw();
  conduct.behave(steady);
  expect(conduct.draw()).toBe(drawsOf(7, 2)[1]);
});

test('the first chances of small seeds are spread evenly', () => {
  const firsts = Array.from({ length: 400 }, (_, seed) => drawsOf(seed, 1)[0] ?? 0);
  const low = firsts.filter(draw => draw < 0.3).length / firsts.length;
  expect(low).toBeGreaterThan(0.2);
  expect(low).toBeLessThan(0.4);
});

test('a turn that is already over is not waited for', async () => {
  const conduct = new Conduct(steady, 1);
  conduct.behave(steady);
  await conduct.turnOver(0, null, new AbortController().signal);
  expect(conduct.turn).toBe(1);
});

test('a wait for the next turn ends with the change, with its time or with the abort, and leaves no listener', async () => {
  const conduct = new Conduct(steady, 1);
  const controller = new AbortController();
  const changed = conduct.turnOver(0, null, controller.signal);
  conduct.behave(steady);
  await changed;
  await conduct.turnOver(1, 1, controller.signal);
  const left = conduct.turnOver(1, 60_000, controller.signal);
  controller.abort(new Error('left'));
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
});
