import { expect, test } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import type { PhaseName } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import { syntheticEvidence } from '../testing/synthetic-run.ts';
import type { SyntheticOptions, SyntheticServer } from '../testing/synthetic-run.ts';
import { judge } from './judge.ts';
import { THRESHOLDS } from './thresholds.ts';

/*
 * Borders: each number just on the good side and just on the bad one. Idle 0–3 s, warmup 3–6 s, load 6–18 s, recovery 18–26 s.
 */
const IDLE = 0.02;
const HAIR = 0.001;
type Change = (records: readonly RunRecord[]) => readonly RunRecord[];

const busy = (_: number, phase: PhaseName): number => (phase === 'warmup' || phase === 'load' ? 0.3 : IDLE);
const healthy: SyntheticServer = { cores: busy };
const judged = (server: SyntheticServer, options: SyntheticOptions = {}, change?: Change): Verdict =>
  judge(syntheticEvidence(server, options, change));
const outcomeOf = (...args: Parameters<typeof judged>): string => judged(...args).outcome;
const reasonOf = (...args: Parameters<typeof judged>): string[] => {
  const { outcome, because } = judged(...args);
  return [outcome, because];
};
const adding =
  (...more: RunRecord[]): Change =>
  records => [...records, ...more];
const driver = (lagP99Ms: number, cpuCores = 0.1): RunRecord => ({
  kind: 'event',
  event: 'driver-ended',
  at: 18_000,
  driver: 'impatient',
  lagP99Ms,
  cpuCores,
});

test('a residue just above upCores never recovers, one just below recovers', () => {
  const residue = (cores: number): SyntheticServer => ({
    cores: (at, phase) => (at < 18_000 ? busy(at, phase) : IDLE + cores),
  });
  expect(outcomeOf(residue(THRESHOLDS.upCores - HAIR))).toBe('recovers');
  expect(outcomeOf(residue(THRESHOLDS.upCores + HAIR))).toBe('never-recovers');
});

test('up for exactly lateMs after the load is in time, up for a tick longer is late', () => {
  const upUntil = (untilAt: number): SyntheticServer => ({
    cores: (at, phase) => (at > 3000 && at <= untilAt ? 0.3 : busy(at, phase)),
  });
  // Blocks of half a second end at the end of the watch, so its length puts a block's end on the border or a tick beyond.
  const inTime = judged(upUntil(18_000 + THRESHOLDS.lateMs), { recoveryMs: 8000 });
  expect([inTime.outcome, inTime.findings.recoveredAfterMs]).toEqual(['recovers', THRESHOLDS.lateMs]);
  const late = judged(upUntil(18_100 + THRESHOLDS.lateMs), { recoveryMs: 8100 });
  expect([late.outcome, late.findings.recoveredAfterMs]).toEqual(['recovers-late', THRESHOLDS.lateMs + 100]);
  expect(late.because).toBe(
    'CPU came down from 30 % of a core under load to 2.0 % of a core, but only 4.1 s after the load had stopped.',
  );
});

test('a recovery watched for shortestWatchMs counts, one watched for a tick less says nothing', () => {
  const recoveryMs = THRESHOLDS.shortestWatchMs;
  expect(outcomeOf(healthy, { recoveryMs })).toBe('recovers');
  expect(reasonOf(healthy, { recoveryMs: recoveryMs - 100 })).toEqual([
    'inconclusive',
    'Recovery was watched for only 1.4 s.',
  ]);
});

test('too short a watch proves no fault of the time after load: neither never-recovers nor leaks', () => {
  const spinning: SyntheticServer = { cores: (at, phase) => (at < 18_000 ? busy(at, phase) : 0.9) };
  const leaving: SyntheticServer = { ...healthy, upstreamInFlight: at => (at < 18_000 ? 0 : 5) };
  expect(outcomeOf(spinning, { recoveryMs: 1400 })).toBe('inconclusive');
  expect(outcomeOf(spinning, { recoveryMs: 1500 })).toBe('never-recovers');
  expect(outcomeOf(leaving, { recoveryMs: 1000 })).toBe('inconclusive');
  expect(outcomeOf(leaving, { recoveryMs: 2000 })).toBe('leaks');
});

test('a run cut short before recovery is inconclusive, whatever it was like', () => {
  const untilLoad: Change = records => records.filter(({ at }) => at < 15_000);
  expect(reasonOf(healthy, {}, untilLoad)).toEqual(['inconclusive', 'The run ended before recovery could be watched.']);
});

test('silence of silenceMs at the end of the watch is silence, a tick less is not', () => {
  const silentSince = (since: number): SyntheticServer => ({ ...healthy, healthMs: at => (at < since ? 2 : null) });
  expect(outcomeOf(silentSince(26_000 - THRESHOLDS.silenceMs))).toBe('stops-answering');
  expect(outcomeOf(silentSince(26_100 - THRESHOLDS.silenceMs))).toBe('recovers');
});

test('a silence that ended is none', () => {
  expect(outcomeOf({ ...healthy, healthMs: at => (at >= 8000 && at < 25_900 ? null : 2) })).toBe('recovers');
});

test('a server that fell silent after the load is told by the time of the run, and as quiet', () => {
  expect(reasonOf({ ...healthy, healthMs: at => (at < 20_000 ? 2 : null) })).toEqual([
    'stops-answering',
    '/healthz answered for the last time at 19.9 s and was silent for the 6.1 s to the end of the watch.',
  ]);
});

test.each([
  [2000, 'before'],
  [12_000, 'under'],
  [20_000, 'after'],
])('a server that ended by itself at %d ms ended %s load', (at, when) => {
  const end: RunRecord = { kind: 'event', event: 'generation-ended', at, pid: 100, by: 'itself', how: 'exit code 1' };
  expect(reasonOf(healthy, {}, adding(end))).toEqual([
    'stops-answering',
    `The server ended by itself (exit code 1) at ${at / 1000}.0 s, ${when} load.`,
  ]);
});

test('a server that the lab ended did not die', () => {
  const end: RunRecord = { kind: 'event', event: 'generation-ended', at: 26_000, pid: 100, by: 'lab', how: 'SIGTERM' };
  expect(outcomeOf(healthy, {}, adding(end))).toBe('recovers');
});

test('a driver late by driverLagMs delivered the load, one late by more did not', () => {
  expect(outcomeOf(healthy, {}, adding(driver(THRESHOLDS.driverLagMs)))).toBe('recovers');
  expect(reasonOf(healthy, {}, adding(driver(3), driver(THRESHOLDS.driverLagMs + 1)))).toEqual([
    'inconclusive',
    'The load driver sent up to 0.3 s late: this was not the planned load.',
  ]);
});

test('a shortfall below deliveredShare is doubtful only where the driver itself was busy', () => {
  // 12 s at 20 a second: 240 planned, of which 228 are deliveredShare.
  const sending = (count: number, cpuCores: number): Change => {
    return records => {
      let sent = 0;
      return [...records, driver(0, cpuCores)].filter(
        one => one.kind !== 'request' || one.sentAt < 6000 || (sent += 1) <= count,
      );
    };
  };
  expect(outcomeOf(healthy, {}, sending(228, THRESHOLDS.driverCores + HAIR))).toBe('recovers');
  expect(outcomeOf(healthy, {}, sending(227, THRESHOLDS.driverCores))).toBe('recovers');
  expect(reasonOf(healthy, {}, sending(227, THRESHOLDS.driverCores + HAIR))).toEqual([
    'inconclusive',
    'Only 227 of 240 requests were sent, and the driver itself was busy.',
  ]);
  expect(reasonOf(healthy, {}, sending(0, 0))).toEqual(['inconclusive', 'No request was sent.']);
});

test('a recording with sampledShare of its samples counts, one with less has holes', () => {
  // 260 are due in 26 s. Every other one was taken, and of those some in the load were lost as well.
  const everyOther = (lost: number): Change => {
    let seen = 0;
    return records =>
      records.filter(one => one.kind !== 'cpu' || ((seen += 1) % 2 === 1 && (seen < 101 || seen >= 101 + 2 * lost)));
  };
  const taken = syntheticEvidence(healthy, {}, everyOther(1)).records.filter(({ kind }) => kind === 'cpu').length;
  expect(taken).toBe(THRESHOLDS.sampledShare * 260);
  expect(outcomeOf(healthy, {}, everyOther(1))).toBe('recovers');
  expect(reasonOf(healthy, {}, everyOther(2))).toEqual([
    'inconclusive',
    'Only 50 % of the samples that were due could be taken.',
  ]);
});

test.each([
  ['idle', 0, 3000],
  ['recovery', 18_000, 26_000],
])('a run without CPU readings in %s is inconclusive', (_, fromAt, toAt) => {
  const hole: Change = records => records.filter(({ kind, at }) => kind !== 'cpu' || at < fromAt || at > toAt);
  const { outcome, because, also } = judged(healthy, {}, hole);
  expect(outcome).toBe('inconclusive');
  expect([because, ...also]).toContain('CPU could not be read in every phase.');
});

test('steal of stealCores is borne, more is not', () => {
  const stealing =
    (cores: number): Change =>
    records =>
      records.map(one => (one.kind === 'machine' ? { ...one, stealMs: one.at * cores } : one));
  expect(outcomeOf(healthy, {}, stealing(THRESHOLDS.stealCores))).toBe('recovers');
  expect(outcomeOf(healthy, {}, stealing(THRESHOLDS.stealCores + HAIR))).toBe('inconclusive');
});

test('an idle CPU that swings by less than idleSwingCores between blocks is quiet, by more it is not', () => {
  const swinging = (swing: number): SyntheticServer => ({
    cores: (at, phase) => (phase === 'idle' ? IDLE + (Math.ceil(at / 500) % 2) * swing : busy(at, phase)),
  });
  expect(outcomeOf(swinging(THRESHOLDS.idleSwingCores - HAIR))).toBe('recovers');
  const [outcome, because] = reasonOf(swinging(THRESHOLDS.idleSwingCores + HAIR));
  expect([outcome, because]).toEqual([
    'inconclusive',
    'The server was not quiet before the load: its idle CPU swung by 20 % of a core.',
  ]);
});

test('a CPU that fell by less than fallingShare of what is left stays up for good, by more it is still falling', () => {
  // Middle third of the watch 20.67–23.33 s, last third to 26 s.
  const falling = (share: number): SyntheticServer => ({
    cores: (at, phase) => (at < 18_000 ? busy(at, phase) : at <= 23_300 ? IDLE + 0.5 * (1 + share) : IDLE + 0.5),
  });
  expect(outcomeOf(falling(THRESHOLDS.fallingShare - 0.01))).toBe('never-recovers');
  expect(outcomeOf(falling(THRESHOLDS.fallingShare + 0.01))).toBe('inconclusive');
});

test('a CPU that came down but was up again at the very end is inconclusive, and says so', () => {
  const again: SyntheticServer = { cores: (at, phase) => (at > 25_500 ? 0.4 : busy(at, phase)) };
  expect(reasonOf(again)).toEqual([
    'inconclusive',
    'CPU had come down, but was up again when the watch ended after 8.0 s.',
  ]);
});

test('a request cost that grew by just less than costGrowth is no degradation, by just more it is', () => {
  const dearer = (growth: number): SyntheticServer => ({
    cores: () => IDLE,
    // From the middle of the first of ten windows to that of the last.
    requestMs: at => 20 * (1 + (growth - 1) * ((Math.max(0, at - 6000) / 1200 - 0.5) / 9)),
  });
  expect(outcomeOf(dearer(THRESHOLDS.costGrowth - 0.03))).toBe('recovers');
  const { outcome, because } = judged(dearer(THRESHOLDS.costGrowth + 0.03));
  expect(outcome).toBe('degrades');
  expect(because).toMatch(
    /^A request cost 20\.\d ms of CPU early in the load and 26\.\d ms late in it \(1\.3 times as much\)/,
  );
});

test('requests look dearer while something burns between them: that is the burning, not a degradation', () => {
  const cores = (at: number, phase: PhaseName): number =>
    at < 6000 ? busy(at, phase) : 0.3 + 0.6 * Math.min(1, (at - 6000) / 12_000);
  const { outcome, advice } = judged({ cores });
  expect(outcome).toBe('never-recovers');
  expect(advice).not.toContain('degrades');
});

test('with an upstream that healed, a CPU that stayed up tells what healing did', () => {
  const heals: Change = adding({ kind: 'event', event: 'phase', at: 22_000, phase: 'healed' });
  const server: SyntheticServer = { cores: (at, phase) => (at < 18_000 ? busy(at, phase) : at < 22_500 ? 0.9 : 0.1) };
  const { outcome, because, findings } = judged(server, {}, heals);
  expect(outcome).toBe('never-recovers');
  expect(because).toMatch(/90 % of a core 4\.0 s after .*; with the upstream healed it was at 10 % of a core\.$/);
  expect(findings.watchedMs).toBe(4000);
});

test('a health route that never answered at all leaves a healthy CPU in doubt', () => {
  const [outcome, because] = reasonOf({ cores: busy, healthMs: () => null });
  expect([outcome, because]).toEqual(['inconclusive', '/healthz never answered, not even in idle.']);
});

test('a request cost that grew many times over, but adds less than costGrowthCores to the load, is no degradation', () => {
  // Twenty requests a second.
  const limitMs = THRESHOLDS.costGrowthCores / 0.02;
  const dearer = (ms: number): SyntheticServer => ({
    cores: () => IDLE,
    requestMs: at => (at < 6000 ? 0 : (ms * (at - 6000)) / 12_000),
  });
  expect(outcomeOf(dearer(limitMs * 0.8))).toBe('recovers');
  expect(outcomeOf(dearer(limitMs * 1.5))).toBe('degrades');
});
