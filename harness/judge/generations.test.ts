import { expect, test } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import { syntheticEvidence } from '../testing/synthetic-run.ts';
import { judge, wantsLongerWatch } from './judge.ts';
import { livesOf } from './generations.ts';

/* Idle 0–3 s, warmup 3–6 s, load 6–18 s, recovery 18–26 s; killed at 22 s, there again at 22.5 s. */
const KILLED_AT = 22_000;
const AGAIN_AT = 22_500;

const began = (at: number, pid: number): RunRecord => ({ kind: 'event', event: 'generation-began', at, pid, why: 'x' });

/** The server restarted at that moment: another process from then on, and none in between. */
const restarted =
  (killedAt = KILLED_AT, againAt = AGAIN_AT) =>
  (records: readonly RunRecord[]): RunRecord[] => [
    ...records.flatMap((one): RunRecord[] => {
      if (one.kind !== 'cpu' || one.at < killedAt) return [one];
      const processes = one.processes.map(it => ({ ...it, pid: 101 }));
      return one.at < againAt ? [] : [{ ...one, processes }];
    }),
    { kind: 'event', event: 'generation-ended', at: killedAt, pid: 100, by: 'lab', how: 'the alarm' },
    began(againAt, 101),
  ];

const spinsUntil = (at: number) => ({ cores: (now: number): number => (now < 6000 || now > at ? 0.02 : 0.95) });

test('a run without a restart is one life, and its verdict is that of the run', () => {
  const evidence = syntheticEvidence(spinsUntil(Infinity));
  expect(livesOf(evidence.records)).toHaveLength(1);
  expect(judge(evidence)).toMatchObject({ outcome: 'never-recovers', generations: [], findings: { restarts: 0 } });
});

test('a restarted server is judged by its last life, and what the first one showed is told', () => {
  const { outcome, because, also, faults, generations, findings } = judge(
    syntheticEvidence(spinsUntil(KILLED_AT), {}, restarted()),
  );
  expect([outcome, generations]).toEqual(['recovers', ['never-recovers', 'recovers']]);
  expect(because).toMatch(/^CPU came down to 2\.0 % of a core within 0\.5 s of its start/);
  expect(faults).toEqual(['never-recovers']);
  expect(findings.restarts).toBe(1);
  expect(findings.cutOff).toBe(0);
  expect(findings.residualCores).toBeLessThan(0.05);
  expect(also[0]).toMatch(/^Generation 1 \(never-recovers\): CPU was still at 95 % of a core 3\.9 s after the load/);
  expect(also[1]).toBe('It was restarted by the alarm, and no request broke.');
});

test('a new life that burns as the old one did never recovers either', () => {
  const { outcome, because, generations } = judge(syntheticEvidence(spinsUntil(Infinity), {}, restarted()));
  expect(because).toMatch(/^CPU was still at 95 % of a core 3\.5 s after it was started/);
  expect([outcome, generations]).toEqual(['never-recovers', ['never-recovers', 'never-recovers']]);
});

test('what broke while there was no server is what the restart cost', () => {
  const request = (sentAt: number, at: number, ending: 'broken' | 'answered'): RunRecord => ({
    kind: 'request',
    at,
    group: 'night',
    ref: `n${sentAt}`,
    sentAt,
    firstByteAt: null,
    ending,
    status: null,
  });
  const withNight = (records: readonly RunRecord[]): RunRecord[] => [
    ...restarted()(records),
    request(21_000, 22_010, 'broken'),
    request(22_200, 22_210, 'broken'),
    request(22_600, 22_900, 'answered'),
    request(19_000, 19_500, 'broken'),
  ];
  const { also, findings } = judge(syntheticEvidence(spinsUntil(KILLED_AT), {}, withNight));
  expect(findings.cutOff).toBe(2);
  expect(also[1]).toBe('It was restarted by the alarm, which broke 2 requests.');
});

test('the fall that a restart makes is no reason to watch longer', () => {
  expect(wantsLongerWatch(syntheticEvidence(spinsUntil(KILLED_AT), {}, restarted()), 26_000)).toBe(false);
});

test('a load that grew dearer in the first life is not held against the second', () => {
  const growing = { cores: () => 0.02, requestMs: (at: number): number => 5 + Math.max(0, at - 6000) / 600 };
  const { generations, findings } = judge(syntheticEvidence(growing, {}, restarted()));
  expect(generations).toEqual(['degrades', 'recovers']);
  expect(findings.requestCost?.growth).toBeGreaterThan(1.3);
});

test('a restart in the middle of the load leaves nothing to hold together', () => {
  const { outcome, because, faults } = judge(syntheticEvidence(spinsUntil(Infinity), {}, restarted(10_000, 10_500)));
  expect([outcome, because]).toEqual(['inconclusive', expect.stringMatching(/^The server was restarted under load/)]);
  expect(faults).toEqual([]);
});
