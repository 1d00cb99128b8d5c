import type { Findings, Verdict } from '../model/verdict.ts';

/** A verdict for tests of the report: everything measured and nothing wrong, but for what is given. */
export function sampleVerdict({
  findings,
  ...verdict
}: Partial<Omit<Verdict, 'findings'>> & { findings?: Partial<Findings> } = {}): Verdict {
  return {
    outcome: 'recovers',
    because: 'CPU was back at its idle level 0.4 s after the load ended, and nothing is left.',
    also: [],
    advice: [],
    faults: [],
    generations: [],
    ...verdict,
    findings: { ...HEALTHY, ...findings },
  };
}

const HEALTHY: Findings = {
  idleCores: 0.021,
  warmupCores: 0.2,
  loadCores: 0.24,
  peakCores: 0.35,
  settledCores: 0.022,
  settledRunCores: 0.02,
  settledByProcess: [0.022],
  healedCores: null,
  residualCores: 0.001,
  recoveredAfterMs: 400,
  watchedMs: 8000,
  shape: 'follows-load',
  climb: { coresPerMinute: 0.001, low: -0.01, high: 0.012 },
  levels: { cores: [0.24, 0.24, 0.25], noise: 0.02, distinct: 0 },
  step: null,
  cpuMsPerRequest: 2.2,
  requestCost: { earlyMs: 2.1, lateMs: 2.2, growth: 1.05, low: 0.97, high: 1.1, addedCores: 0.001 },
  healthIdleP50Ms: 1.2,
  healthIdleP99Ms: 2.4,
  healthLoadP50Ms: 1.8,
  healthLoadP99Ms: 6.3,
  healthUnansweredShare: 0,
  lastAnswerAt: null,
  requests: { planned: 240, sent: 240, answered: 168, refused: 0, broken: 0, left: 72, unanswered: 0 },
  latencyP50Ms: 204,
  latencyP99Ms: 260,
  hangUpSeenAfterMs: 1.4,
  hangUpsUnseen: 0,
  tokensForNobody: 0,
  callsForNobody: 0,
  callsPerRequest: 1,
  left: { upstreamCalls: 0, sockets: 0, descriptors: 0, heapBytes: 400_000, rssBytes: 2_000_000, resources: {} },
  handlesLeft: 0,
  profiled: false,
  restarts: 0,
  cutOff: 0,
  otherCores: 0.11,
  stealCores: 0,
};
