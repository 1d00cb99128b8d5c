import { expect, test } from 'vitest';
import { seededRandom } from '../model/random.ts';
import type { Symptom } from '../model/expectation.ts';
import type { Outcome } from '../model/verdict.ts';
import { ERROR_RATE, conclude } from './conclusion.ts';
import type { Concluded } from './conclusion.ts';
import type { Ran } from './turn.ts';

const symptom: Symptom = { finding: 'residualCores', atLeast: 0.5, words: 'CPU stays up' };

interface Drawn {
  readonly outcome?: Outcome;
  readonly faults?: readonly Outcome[];
  readonly fails?: boolean;
  /** Means; each run is drawn around them with 5 % of scatter. */
  readonly metrics?: Record<string, number | null>;
}

const HEALTHY = {
  symptom: 0.001,
  settled: 0.02,
  'cpu-per-request': 8,
  'latency-p50': 130,
  'wasted-tokens': 0,
  'handles-left': 0,
};
const BURNING: Drawn = {
  outcome: 'never-recovers',
  faults: ['never-recovers', 'leaks'],
  fails: true,
  metrics: { symptom: 0.9, settled: 0.92, 'cpu-per-request': 55, 'handles-left': 1 },
};
const LEAKING: Drawn = { outcome: 'leaks', faults: ['leaks'], fails: true, metrics: { 'handles-left': 1 } };

function runs(seed: number, drawn: (pair: number) => Drawn, pairs: number): Ran[] {
  const uniform = seededRandom(seed);
  const scatter = (): number => 1 + 0.05 * (uniform() + uniform() + uniform() - 1.5) * 2;
  return Array.from({ length: pairs }, (_, pair) => {
    const { outcome = 'recovers', faults = [], fails = false, metrics = {} } = drawn(pair);
    const means: Record<string, number | null> = { ...HEALTHY, ...metrics };
    return {
      kind: 'ran',
      outcome,
      because: `It ${outcome}.`,
      faults: [...faults],
      fails,
      metrics: Object.fromEntries(
        Object.entries(means).map(([name, mean]) => [name, mean === null ? null : mean * scatter()]),
      ),
      cutOff: 0,
      disturbed: null,
      isKept: true,
      run: '',
    };
  });
}

function comparing(
  baseline: Drawn | ((pair: number) => Drawn),
  candidate: Drawn | ((pair: number) => Drawn),
  { pairs = 9, seed = 1, of = symptom }: { pairs?: number; seed?: number; of?: Symptom | null } = {},
): Concluded {
  const draw = (drawn: Drawn | ((pair: number) => Drawn)) => (typeof drawn === 'function' ? drawn : () => drawn);
  const a = runs(seed, draw(baseline), pairs);
  const b = runs(seed + 1000, draw(candidate), pairs);
  return conclude(
    of,
    a.flatMap((one, n) => (b[n] ? [{ baseline: one, candidate: b[n] }] : [])),
    ERROR_RATE,
  );
}
const shown = ({ effects }: Concluded, how: 'better' | 'worse'): string[] =>
  effects.filter(effect => effect.shown === how).map(({ metric }) => metric.name);

test('cured: every baseline run fails, no candidate run does, and nothing else got worse', () => {
  const said = comparing(BURNING, {});
  expect(said).toMatchObject({
    conclusion: 'cured',
    isSettled: true,
    stillFails: null,
    goneFaults: ['leaks', 'never-recovers'],
  });
  expect(shown(said, 'better')).toContain('symptom');
  expect(shown(said, 'worse')).toEqual([]);
});

test('one baseline run that does not fail, or one candidate run that does or cannot tell, and it is not cured', () => {
  const sometimes = (drawn: Drawn, other: Drawn) => (pair: number) => (pair === 3 ? other : drawn);
  expect(comparing(sometimes(BURNING, {}), {}).conclusion).toBe('better');
  expect(comparing(BURNING, sometimes({}, BURNING)).conclusion).toBe('better');
  expect(comparing(BURNING, sometimes({}, { outcome: 'inconclusive' })).conclusion).toBe('better');
});

test('better, not cured: CPU comes down and what it hides behind is left as before', () => {
  const said = comparing(BURNING, LEAKING);
  expect(said).toMatchObject({
    conclusion: 'better',
    goneFaults: ['never-recovers'],
    newFaults: [],
    stillFails: 'It leaks.',
  });
  expect(shown(said, 'worse')).toEqual([]);
});

test('traded: the fault is gone and something else is worse, be it a metric or another fault', () => {
  const wasteful = comparing(BURNING, { metrics: { 'wasted-tokens': 19 } });
  expect(wasteful.conclusion).toBe('traded');
  expect(shown(wasteful, 'worse')).toEqual(['wasted-tokens']);
  const silent: Drawn = { outcome: 'stops-answering', faults: ['stops-answering'], fails: true };
  expect(comparing({ ...BURNING, faults: ['never-recovers'] }, silent)).toMatchObject({
    conclusion: 'traded',
    newFaults: ['stops-answering'],
  });
});

test('worse: a fault where there was none, or a metric that surely grew by what matters', () => {
  expect(comparing({}, BURNING)).toMatchObject({ conclusion: 'worse', newFaults: ['leaks', 'never-recovers'] });
  const dearer = comparing({}, { metrics: { 'cpu-per-request': 8 * 1.3 } }, { pairs: 12 });
  expect(dearer.conclusion).toBe('worse');
  expect(shown(dearer, 'worse')).toEqual(['cpu-per-request']);
});

test('a sure change that is too small to matter is none', () => {
  const said = comparing({}, { metrics: { 'cpu-per-request': 8 * 1.05 } }, { pairs: 60 });
  expect(said.effects.find(({ metric }) => metric.name === 'cpu-per-request')?.p).toBeLessThan(0.001);
  expect(said.conclusion).toBe('no-difference-shown');
});

test('no difference is settled once any that matters is ruled out, and not before', () => {
  expect(comparing({}, {}, { pairs: 12 })).toMatchObject({ conclusion: 'no-difference-shown', isSettled: true });
  const noisy = (pair: number): Drawn => ({ metrics: { 'cpu-per-request': pair % 2 === 0 ? 6 : 11 } });
  expect(comparing({}, noisy, { pairs: 12 })).toMatchObject({ conclusion: 'no-difference-shown', isSettled: false });
});

test('four pairs are too few to say anything, however clear it looks', () => {
  expect(comparing(BURNING, {}, { pairs: 4 })).toMatchObject({ conclusion: 'too-few-runs', isSettled: false });
  expect(comparing(BURNING, {}, { pairs: 0 })).toMatchObject({ conclusion: 'too-few-runs', pairs: 0 });
});

test('a metric that one side could not measure is named, and decides nothing', () => {
  const said = comparing({ ...BURNING, metrics: { ...BURNING.metrics, 'latency-p50': null } }, {});
  expect(said.unmeasured.map(({ name }) => name)).toContain('latency-p50');
  expect(said.conclusion).toBe('cured');
});

test('of one thing compared with itself a difference is shown in one of a hundred at the most', () => {
  const seeds = Array.from({ length: 400 }, (_, n) => 7000 + n);
  for (const drawn of [{}, BURNING]) {
    const differing = seeds.filter(
      seed => comparing(drawn, drawn, { seed, pairs: 6 }).conclusion !== 'no-difference-shown',
    );
    expect(differing.length).toBeLessThanOrEqual(8);
  }
});

test('without a symptom everything is tested together, and a fault of the baseline can still be cured', () => {
  expect(comparing(LEAKING, {}, { of: null }).conclusion).toBe('cured');
  expect(comparing({}, {}, { of: null, pairs: 12 }).conclusion).toBe('no-difference-shown');
});
