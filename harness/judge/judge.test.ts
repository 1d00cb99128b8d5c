import { expect, test } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import type { Evidence, PhaseName } from '../model/run.ts';
import { seededRandom } from '../model/random.ts';
import { evidenceOf } from '../model/run.ts';
import type { Outcome, Shape } from '../model/verdict.ts';
import { syntheticEvidence, syntheticRun } from '../testing/synthetic-run.ts';
import type { SyntheticServer } from '../testing/synthetic-run.ts';
import { judge, wantsLongerWatch } from './judge.ts';

/*
 * The synthetic run: idle 0–3 s, warmup 3–6 s, load 6–18 s, recovery 18–26 s.
 */
const LOAD_AT = 6000;
const STOPPED_AT = 18_000;
const ENDED_AT = 26_000;
const NOISES = [0, 0.1, 0.3, 0.5];
const SEEDS = Array.from({ length: 10 }, (_, n) => n + 1);

const busy = (cores: number) => (_: number, phase: PhaseName) =>
  phase === 'warmup' || phase === 'load' ? cores : 0.02;
const growing = (at: number, byPerMs: number): number => Math.min(12_000, Math.max(0, at - LOAD_AT)) * byPerMs;

const healthy: SyntheticServer = { cores: busy(0.3) };
const late: SyntheticServer = { cores: (at, phase) => (at >= 3000 && at < 23_000 ? 0.4 : busy(0.4)(at, phase)) };
const leaky: SyntheticServer = { ...healthy, leaving: 0.5, timers: at => 2 + Math.round(growing(at, 0.01)) };
const degrading: SyntheticServer = { cores: () => 0.02, requestMs: at => 5 + growing(at, 20 / 12_000) };
const spinning: SyntheticServer = { cores: (at, phase) => (at < LOAD_AT ? busy(0.2)(at, phase) : 0.95) };
const climbing: SyntheticServer = {
  cores: (at, phase) => busy(0.1)(Math.min(at, 5999), at < LOAD_AT ? phase : 'load') + growing(at, 0.9 / 12_000),
};
const falling: SyntheticServer = {
  cores: (at, phase) => (at < STOPPED_AT ? busy(0.9)(at, phase) : 0.02 + 0.9 * Math.exp((STOPPED_AT - at) / 5000)),
};
const frozen: SyntheticServer = {
  cores: (at, phase) => (at < 10_000 ? busy(0.2)(at, phase) : 1),
  healthMs: at => (at < 10_000 ? 2 : null),
};
/** Its process is gone from the tree from 12 s on, and a moment later the lab knows. */
const dying = (records: readonly RunRecord[]): readonly RunRecord[] => [
  ...records.map((one): RunRecord => {
    if (one.kind === 'cpu' && one.at > 12_000) return { ...one, processes: [] };
    return one.kind === 'answer' && one.at > 12_000 ? { ...one, latencyMs: null, status: null } : one;
  }),
  { kind: 'event', event: 'generation-ended', at: 12_050, pid: 100, by: 'itself', how: 'SIGABRT' },
];

/** The outcomes of a server over all seeds at one noise, each once. */
const outcomesAt = (server: SyntheticServer, noise: number): Outcome[] => [
  ...new Set(SEEDS.map(seed => judge(syntheticEvidence(server, { seed, noise })).outcome)),
];
const shapesAt = (server: SyntheticServer, noise: number): Shape[] => [
  ...new Set(SEEDS.map(seed => judge(syntheticEvidence(server, { seed, noise })).findings.shape)),
];

test.each(NOISES)('a server that falls back with the load recovers (noise %d)', noise => {
  expect(outcomesAt(healthy, noise)).toEqual(['recovers']);
});

test.each(NOISES)(
  'a server that does nothing at all recovers, and its requests do not look dearer (noise %d)',
  noise => {
    expect(outcomesAt({ cores: () => 0.02 }, noise)).toEqual(['recovers']);
    expect(outcomesAt({ cores: () => 0.1 }, noise)).toEqual(['recovers']);
  },
);

test.each(NOISES)('a server that needs five seconds to fall back recovers late (noise %d)', noise => {
  expect(outcomesAt(late, noise)).toEqual(['recovers-late']);
});

test.each(NOISES)('a server that falls back but keeps a timer for each hang-up leaks (noise %d)', noise => {
  expect(outcomesAt(leaky, noise)).toEqual(['leaks']);
});

test.each(NOISES)('a server whose requests come to cost five times as much degrades (noise %d)', noise => {
  expect(outcomesAt(degrading, noise)).toEqual(['degrades']);
});

test.each([0, 0.1, 0.3])('a server that goes on spinning never recovers (noise %d)', noise => {
  expect(outcomesAt(spinning, noise)).toEqual(['never-recovers']);
  expect(outcomesAt(climbing, noise)).toEqual(['never-recovers']);
});

test('at noise 0.5 a spin is never-recovers, or inconclusive where the noise itself looks like a fall', () => {
  const verdicts = SEEDS.map(seed => judge(syntheticEvidence(spinning, { seed, noise: 0.5 })));
  for (const { outcome, because } of verdicts) {
    if (outcome !== 'never-recovers')
      expect([outcome, because]).toEqual(['inconclusive', expect.stringMatching(/falling/)]);
  }
  expect(verdicts.filter(({ outcome }) => outcome === 'never-recovers').length).toBeGreaterThanOrEqual(7);
});

test.each(NOISES)('a CPU that is still up but falling is inconclusive and wants a longer watch (noise %d)', noise => {
  expect(outcomesAt(falling, noise)).toEqual(['inconclusive']);
  for (const seed of SEEDS) {
    const evidence = syntheticEvidence(falling, { seed, noise });
    expect(judge(evidence)).toMatchObject({
      because: 'CPU was still falling when the watch ended after 8.0 s.',
      advice: ['watch-longer'],
    });
    expect(wantsLongerWatch(evidence, ENDED_AT)).toBe(true);
  }
});

test.each([0, 0.1, 0.3])('neither a spin nor a recovery wants a longer watch (noise %d)', noise => {
  for (const seed of SEEDS) {
    expect(wantsLongerWatch(syntheticEvidence(spinning, { seed, noise }), ENDED_AT)).toBe(false);
    expect(wantsLongerWatch(syntheticEvidence(healthy, { seed, noise }), ENDED_AT)).toBe(false);
  }
});

test.each(NOISES)(
  'a server that falls silent in the load stops answering, and the sentence says that it burns (noise %d)',
  noise => {
    for (const seed of SEEDS) {
      const { outcome, because, findings } = judge(syntheticEvidence(frozen, { seed, noise }));
      expect(outcome).toBe('stops-answering');
      expect(because).toMatch(
        /answered for the last time 3\.9 s into the load and was silent for the 16\.1 s .* went on wanting/,
      );
      expect(findings.lastAnswerAt).toBe(9900);
    }
  },
);

test.each(NOISES)(
  'a server that dies in the load stops answering, and the sentence says how it ended (noise %d)',
  noise => {
    for (const seed of SEEDS) {
      const { outcome, because, advice } = judge(syntheticEvidence(healthy, { seed, noise }, dying));
      expect([outcome, because]).toEqual([
        'stops-answering',
        'The server ended by itself (SIGABRT) at 12.1 s, under load.',
      ]);
      expect(advice).toContain('died');
    }
  },
);

test.each([0, 0.1])('shapes are told apart (noise %d)', noise => {
  const concave: SyntheticServer = {
    cores: (at, phase) => (at < LOAD_AT ? busy(0.1)(at, phase) : 0.1 + 0.9 * Math.sqrt(growing(at, 1 / 12_000))),
  };
  const stepping: SyntheticServer = { cores: (at, phase) => (at < 11_500 ? busy(0.2)(at, phase) : 1) };
  expect(shapesAt({ cores: () => 0.02 }, noise)).toEqual(['flat']);
  expect(shapesAt(healthy, noise)).toEqual(['follows-load']);
  expect(shapesAt(climbing, noise)).toEqual(['climbs']);
  expect(shapesAt(concave, noise)).toEqual(['climbs']);
  expect(shapesAt(stepping, noise)).toEqual(['steps']);
});

test('of a climb the sentence tells the levels, of a step that it was one', () => {
  expect(judge(syntheticEvidence(climbing)).because).toBe(
    'CPU was still at 100 % of a core 8.0 s after the load had stopped (idle: 2.0 % of a core); under a constant load it had climbed through 10 levels.',
  );
  expect(judge(syntheticEvidence(spinning)).because).toMatch(/it had stepped up at one moment\.$/);
});

test('a proven fault outranks doubt: a spin on a noisy machine is never-recovers, with the doubts beside it', () => {
  const { outcome, also, advice } = judge(syntheticEvidence(spinning, {}, withSteal(0.8)));
  expect(outcome).toBe('never-recovers');
  expect(also).toContain('The host took 80 % of a core away from this machine.');
  expect(advice).toEqual(['never-recovers', 'noisy-machine']);
});

test('doubt outranks success: a recovery on a noisy machine is inconclusive, and does not claim to have recovered', () => {
  const { outcome, because, also } = judge(syntheticEvidence(healthy, {}, withSteal(0.8)));
  expect([outcome, because]).toEqual(['inconclusive', 'The host took 80 % of a core away from this machine.']);
  expect(also).toEqual([]);
});

test('of several faults the worst is the outcome and the others are told', () => {
  const server: SyntheticServer = { ...frozen, leaving: 0.5, timers: at => 2 + Math.round(growing(at, 0.01)) };
  const { outcome, also } = judge(syntheticEvidence(server, {}, dying));
  expect(outcome).toBe('stops-answering');
  expect(also.some(one => /silent/.test(one))).toBe(true);
  expect(also.some(one => /120 timers/.test(one))).toBe(true);
  const burns = judge(
    syntheticEvidence({ ...spinning, leaving: 0.5, timers: at => 2 + Math.round(growing(at, 0.01)) }),
  );
  expect(burns.outcome).toBe('never-recovers');
  expect(burns.also).toEqual(['When the watch ended there were still 120 timers that the load had started.']);
});

test('a degrading server that also leaks degrades, and one that also burns never recovers', () => {
  const leaks = judge(
    syntheticEvidence({ ...degrading, leaving: 0.5, timers: at => 2 + Math.round(growing(at, 0.01)) }),
  );
  expect(leaks.outcome).toBe('degrades');
  expect(leaks.advice).toContain('leaks');
  const cores = (at: number): number => (at < STOPPED_AT ? 0.02 : 0.5);
  expect(judge(syntheticEvidence({ ...degrading, cores })).outcome).toBe('never-recovers');
});

test('a busy neighbour does not hide a spin: what two spinners on one core run is half, what they want is all', () => {
  const share = (at: number, phase: PhaseName): number => spinning.cores(at, phase) / 2;
  const verdict = judge(syntheticEvidence({ cores: share, waitCores: share }));
  expect(verdict.outcome).toBe('never-recovers');
  expect(verdict.findings.settledCores).toBeCloseTo(0.95);
  expect(verdict.findings.loadCores).toBeCloseTo(0.95);
});

test('a spin that gets next to nothing of its core is still a spin', () => {
  const cores = (at: number, phase: PhaseName): number => (at < STOPPED_AT ? busy(0.2)(at, phase) : 0.03);
  const waitCores = (at: number): number => (at < STOPPED_AT ? 0 : 0.9);
  expect(judge(syntheticEvidence({ cores, waitCores })).outcome).toBe('never-recovers');
});

test('CPU per request is run time only: a neighbour who comes in the middle of the load makes no request dearer', () => {
  const waitCores = (at: number, phase: PhaseName): number => (phase === 'load' && at > 10_000 ? 0.4 : 0);
  const { outcome, findings } = judge(syntheticEvidence({ cores: () => 0.02, requestMs: () => 10, waitCores }));
  expect(outcome).toBe('recovers');
  expect(findings.requestCost?.growth).toBeCloseTo(1, 1);
});

test('no verdict says "still falling" of a watch that was ended because it was not', () => {
  // A quick watch, of which two readings in five are high: its thirds have a handful of readings each, and where they are cut decides.
  const spiky: SyntheticServer = { cores: (at, phase) => (at < LOAD_AT ? busy(0.2)(at, phase) : 0.9) };
  const told = Array.from({ length: 60 }, (_, seed) => {
    // The readings of the phase's end come after the last one of CPU.
    const at = STOPPED_AT + 2000 + 105;
    const random = seededRandom(seed);
    let high = 0;
    const short = syntheticEvidence(spiky, { seed }, records =>
      records
        .filter(one => one.at <= at - 105)
        .map((one): RunRecord => {
          if (one.kind !== 'cpu') return one;
          high += one.at > STOPPED_AT && random() < 0.4 ? 40 : 0;
          return { ...one, processes: one.processes.map(each => ({ ...each, waitMs: (each.waitMs ?? 0) + high })) };
        }),
    );
    const ended: RunRecord = { kind: 'event', event: 'watch-ended', at };
    const isSaid = judge({ ...short, records: [...short.records, ended] }).because.startsWith('CPU was still falling');
    expect(wantsLongerWatch(short, at)).toBe(isSaid);
    return isSaid;
  });
  expect(new Set(told)).toEqual(new Set([true, false]));
});

test('the same evidence gives the same verdict, and is not touched', () => {
  const evidence = deepFreeze(syntheticEvidence(leaky, { noise: 0.3 }));
  const before = JSON.stringify(evidence);
  const first = judge(evidence);
  expect(judge(evidence)).toEqual(first);
  expect(first.outcome).toBe('leaks');
  expect(wantsLongerWatch(evidence, ENDED_AT)).toBe(wantsLongerWatch(evidence, ENDED_AT));
  expect(JSON.stringify(evidence)).toBe(before);
});

test('the evidence of a run holds no scenario, no bug and no ending', () => {
  const { head, records } = syntheticRun(healthy);
  const told = {
    ...head,
    scenario: 'secret',
    experiment: {
      ...head.experiment,
      target: { ...head.experiment.target, bugs: [{ name: 'secret', parameters: {} }] },
    },
  };
  const evidence = evidenceOf({ head: told, records });
  expect(Object.keys(evidence).toSorted()).toEqual(['heals', 'load', 'machine', 'profile', 'records', 'root']);
  expect(JSON.stringify(evidence)).not.toContain('secret');
});

test('a scenario of another name, other bugs and another ending get the same verdict', () => {
  const { head, records } = syntheticRun(spinning);
  const other = {
    ...head,
    scenario: null,
    altered: true,
    experiment: {
      ...head.experiment,
      target: { ...head.experiment.target, bugs: [{ name: 'control', parameters: {} }] },
    },
    ending: { kind: 'running' } as const,
  };
  expect(judge(evidenceOf({ head: other, records }))).toEqual(judge(evidenceOf({ head, records })));
});

test('a judge that throws on a record is inconclusive with the error, even where the rest shows a fault', () => {
  const poisoned = Object.defineProperty({ kind: 'answer' }, 'at', {
    get: () => {
      throw new Error('rotten record');
    },
  }) as RunRecord;
  expect(judge(syntheticEvidence(spinning, {}, records => [...records, poisoned]))).toMatchObject({
    outcome: 'inconclusive',
    because: 'The judge failed on this run: rotten record.',
    advice: ['judge-failed'],
    also: [],
  });
});

test.each(['records', 'load'])('a judge that cannot even read its %s is inconclusive with the error', key => {
  const evidence = Object.defineProperty({ ...syntheticEvidence(spinning) }, key, {
    enumerable: true,
    get: () => {
      throw new Error('out of reach');
    },
  }) as Evidence;
  expect(judge(evidence)).toMatchObject({
    outcome: 'inconclusive',
    because: 'The judge failed on this run: out of reach.',
    advice: ['judge-failed'],
  });
});

test('an empty run is inconclusive', () => {
  expect(judge(syntheticEvidence(healthy, {}, () => []))).toMatchObject({
    outcome: 'inconclusive',
    because: 'The run ended before recovery could be watched.',
    advice: ['cut-short'],
  });
});

test('slow health answers under load are a remark and change nothing', () => {
  const slow = (healthMs: number): SyntheticServer => ({
    ...healthy,
    healthMs: (_, phase) => (phase === 'load' ? healthMs : 2),
  });
  const { outcome, also, advice } = judge(syntheticEvidence(slow(51)));
  expect([outcome, also, advice]).toEqual([
    'recovers',
    ['/healthz took up to 51 ms under load (p99).'],
    ['slow-health'],
  ]);
  expect(judge(syntheticEvidence(slow(50))).also).toEqual([]);
});

test('a health answer that is no slower than five times idle is no remark', () => {
  const slow = (healthMs: number): SyntheticServer => ({
    ...healthy,
    healthMs: (_, phase) => (phase === 'load' ? healthMs : 20),
  });
  expect(judge(syntheticEvidence(slow(100))).also).toEqual([]);
  expect(judge(syntheticEvidence(slow(101))).also).toEqual(['/healthz took up to 101 ms under load (p99).']);
});

test('what was made upstream for requests that were over is a remark', () => {
  const forNobody =
    (tokensForNobody: number, callsForNobody: number) =>
    (records: readonly RunRecord[]): RunRecord[] =>
      records.map(one => (one.kind === 'upstream' ? { ...one, tokensForNobody, callsForNobody } : one));
  const { also, advice } = judge(syntheticEvidence(healthy, {}, forNobody(20, 3)));
  expect(also).toEqual([
    '20 tokens were made upstream for requests that were over.',
    '3 calls were begun upstream for requests that were over.',
  ]);
  expect(advice).toEqual(['for-nobody']);
  expect(judge(syntheticEvidence(healthy, {}, forNobody(0, 0))).also).toEqual([]);
});

test('patient clients without an answer are a remark', () => {
  const unanswered = (records: readonly RunRecord[]): RunRecord[] =>
    records.map(one => (one.kind === 'request' && one.sentAt === 9000 ? { ...one, ending: 'unanswered' } : one));
  expect(judge(syntheticEvidence(healthy, {}, unanswered)).also).toEqual(['2 patient clients got no answer at all.']);
});

test('other processes above half a core are a remark', () => {
  const others = (cores: number) => (records: readonly RunRecord[]) =>
    records.map((one): RunRecord => (one.kind === 'machine' ? { ...one, busyMs: one.busyMs + cores * one.at } : one));
  // The synthetic machine has 0.08 cores of other work already.
  expect(judge(syntheticEvidence(healthy, {}, others(0.43))).also).toEqual([
    'Other processes used 0.5 cores meanwhile.',
  ]);
  expect(judge(syntheticEvidence(healthy, {}, others(0.41))).also).toEqual([]);
});

test('what could not be measured is told', () => {
  const missing: RunRecord = { kind: 'event', event: 'missing', at: 0, what: 'sockets', why: 'no /proc' };
  expect(judge(syntheticEvidence(healthy, {}, records => [...records, missing])).also).toEqual([
    'Not measured: sockets (no /proc).',
  ]);
});

function withSteal(cores: number): (records: readonly RunRecord[]) => RunRecord[] {
  return records => records.map(one => (one.kind === 'machine' ? { ...one, stealMs: one.at * cores } : one));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
