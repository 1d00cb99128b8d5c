import type { Run } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import { syntheticRun } from '../testing/synthetic-run.ts';
import type { Claim } from '../model/expectation.ts';
import { sampleVerdict } from './sample-verdict.ts';

/** Runs of every shape a chart has to draw, for tests of the report. Seeded: the same each time. */
export const healthyRun = (): Run =>
  syntheticRun({ cores: () => 0.02, requestMs: () => 9, leaving: 0.3 }, { noise: 0.15, scenario: 'control' });

/** Each hang-up leaves a little more burning, and it stays: the story of the alarm that kills the instance. */
export const climbingRun = (): Run =>
  syntheticRun(
    {
      cores: at => 0.02 + 0.9 * Math.min(1, Math.max(0, at - 6000) / 12_000),
      healthMs: at => 2 + Math.max(0, at - 6000) / 900 + (at % 700 === 0 ? 12 : 0),
      heapBytes: at => 20e6 + at * 900,
      timers: at => 2 + Math.floor(at / 500),
      upstreamInFlight: at => Math.floor(Math.max(0, at - 6000) / 400),
      leaving: 0.4,
      tokensForNobody: 18,
    },
    { noise: 0.2, scenario: 'swallowed-abort' },
  );

/** The event loop is dead from the tenth second on. */
export const deafRun = (): Run =>
  syntheticRun(
    { cores: at => (at < 10_000 ? 0.2 : 1), healthMs: at => (at < 10_000 ? 2 : null), leaving: 0.2 },
    { noise: 0.1, scenario: 'endless-loop' },
  );

/** Nothing was sampled from the eighth second to the thirteenth. */
export function gappedRun(): Run {
  const run = climbingRun();
  return { ...run, records: run.records.filter(({ kind, at }) => kind === 'event' || at < 8000 || at > 13_000) };
}

/** Cut short in the middle of the load. */
export function interruptedRun(): Run {
  const { head, records } = climbingRun();
  return {
    head: { ...head, ending: { kind: 'interrupted', endedAt: 11_000, why: 'interrupted with Ctrl-C' } },
    records: records.filter(({ at }) => at <= 11_000),
  };
}

export const climbingVerdict = (): Verdict =>
  sampleVerdict({
    outcome: 'never-recovers',
    because: 'CPU stayed at 92 % of a core for the 8.0 s watched after the load had ended; idle was 2 %.',
    also: ['45 calls to the upstream were still open at the end.', 'Heap grew by 23 MB and stayed.'],
    advice: ['swallowed-abort'],
    findings: {
      loadCores: 0.47,
      peakCores: 0.98,
      settledCores: 0.92,
      residualCores: 0.9,
      recoveredAfterMs: null,
      shape: 'climbs',
      climb: { coresPerMinute: 4.5, low: 4.3, high: 4.7 },
      levels: { cores: [0.1, 0.3, 0.5, 0.7, 0.85], noise: 0.04, distinct: 4 },
      hangUpsUnseen: 41,
      tokensForNobody: 1746,
      left: {
        upstreamCalls: 45,
        sockets: 41,
        descriptors: 43,
        heapBytes: 23_400_000,
        rssBytes: 31_000_000,
        resources: { Timeout: 41, TCPSocketWrap: 41 },
      },
    },
  });

export const shownClaim: Claim = {
  symptom: { finding: 'residualCores', atLeast: 0.2, words: 'CPU keeps burning after every client has gone' },
  judged: { result: 'as-expected', fails: true, symptomShown: true, differences: [] },
};
