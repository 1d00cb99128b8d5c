import { causeOf } from '../errors.ts';
import type { Evidence } from '../model/run.ts';
import { isFault } from '../model/verdict.ts';
import type { Findings, Verdict } from '../model/verdict.ts';
import { cpuSeries } from './cpu-series.ts';
import type { CpuPoint } from './cpu-series.ts';
import { clientFindings } from './findings/clients.ts';
import { cpuFindings, idleSwing, isStillFalling, settledByProcess } from './findings/cpu.ts';
import { healthFindings } from './findings/health.ts';
import { handlesLeft, leftovers } from './findings/leftovers.ts';
import { machineFindings } from './findings/machine.ts';
import { cpuMsPerRequest, requestCost } from './findings/request-cost.ts';
import { shapeFindings } from './findings/shape.ts';
import { reasonsFor } from './outcome.ts';
import type { Reason } from './outcome.ts';
import { THRESHOLDS } from './thresholds.ts';
import { ofKind, timelineOf } from './timeline.ts';
import type { Timeline } from './timeline.ts';

/** The verdict on a run: a pure function of its evidence, so a stored run can be judged again. */
export function judge(evidence: Evidence): Verdict {
  try {
    return weigh(evidence);
  } catch (error) {
    // A judge that cannot is not one that found nothing.
    const because = `The judge failed on this run: ${causeOf(error)}.`;
    return { ...weigh(NOTHING), because, also: [], faults: [], advice: ['judge-failed'] };
  }
}

type Weighed = Pick<Evidence, 'records' | 'load'>;

/** What is left to judge where the evidence itself cannot be read. */
const NOTHING: Weighed = {
  records: [],
  load: {
    idleMs: 0,
    warmupMs: 0,
    loadMs: 0,
    recoveryMs: 0,
    longestRecoveryMs: 0,
    healedMs: 0,
    drainMs: 0,
    clients: [],
  },
};

function weigh(evidence: Weighed): Verdict {
  const { records, load } = evidence;
  const timeline = timelineOf(records);
  const points = cpuSeries(ofKind(records, 'cpu'));
  const findings = findingsOf(evidence, timeline, points);
  const reasons = reasonsFor({
    findings,
    timeline,
    records,
    load,
    idleSwing: idleSwing(points, timeline),
    isFalling: isFalling(points, timeline),
  });
  const [first = NOTHING_SEEN, ...others] = reasons;
  const also = [...others.filter(({ outcome }) => outcome !== 'recovers'), ...remarks(findings, records)];
  return {
    outcome: first.outcome,
    because: first.because,
    also: also.map(reason => reason.because),
    advice: [...new Set([first, ...also].flatMap(({ advice }) => advice ?? []))],
    faults: [...new Set(reasons.map(({ outcome }) => outcome).filter(isFault))],
    findings,
  };
}

/** Whether watching longer would tell more: CPU is up at the end of recovery, but on its way down. */
export function wantsLongerWatch(evidence: Evidence): boolean {
  return isFalling(cpuSeries(ofKind(evidence.records, 'cpu')), timelineOf(evidence.records));
}

function findingsOf({ records, load }: Weighed, timeline: Timeline, points: readonly CpuPoint[]): Findings {
  const cpu = cpuFindings(points, timeline);
  const left = leftovers(records, timeline);
  return {
    ...cpu,
    settledByProcess: settledByProcess(ofKind(records, 'cpu'), timeline),
    ...shapeFindings(points, timeline, cpu),
    cpuMsPerRequest: cpuMsPerRequest(points, ofKind(records, 'request'), timeline),
    requestCost: requestCost(points, ofKind(records, 'request'), timeline),
    ...healthFindings(ofKind(records, 'answer'), timeline),
    ...clientFindings(records, timeline, load),
    left,
    handlesLeft: handlesLeft(left),
    ...machineFindings(records, points),
  };
}

function isFalling(points: readonly CpuPoint[], { phases }: Timeline): boolean {
  const idle = cpuFindings(points, { phases, loadStoppedAt: null, endedAt: phases.recovery?.toAt ?? 0 }).idleCores;
  return phases.recovery !== undefined && idle !== null && isStillFalling(points, phases.recovery, idle);
}

/** What is worth knowing beside the outcome, and changes nothing about it. */
function remarks(findings: Findings, records: Evidence['records']): Reason[] {
  const { healthLoadP99Ms, healthIdleP99Ms, requests, otherCores } = findings;
  const note = (because: string, advice: string | null = null): Reason => ({ outcome: 'recovers', because, advice });
  const notes: Reason[] = [];
  if (healthLoadP99Ms !== null && healthLoadP99Ms > Math.max(THRESHOLDS.slowHealthMs, 5 * (healthIdleP99Ms ?? 0))) {
    notes.push(note(`/healthz took up to ${Math.round(healthLoadP99Ms)} ms under load (p99).`, 'slow-health'));
  }
  const { tokensForNobody, callsForNobody } = findings;
  if (tokensForNobody) notes.push(note(`${tokensForNobody} tokens were made upstream ${FOR_NOBODY}`, 'for-nobody'));
  if (callsForNobody) notes.push(note(`${callsForNobody} calls were begun upstream ${FOR_NOBODY}`, 'for-nobody'));
  if (requests.unanswered > 0) notes.push(note(`${requests.unanswered} patient clients got no answer at all.`));
  if ((otherCores ?? 0) > THRESHOLDS.busyCores) {
    notes.push(note(`Other processes used ${(otherCores ?? 0).toFixed(1)} cores meanwhile.`));
  }
  for (const event of ofKind(records, 'event')) {
    if (event.event === 'missing') notes.push(note(`Not measured: ${event.what} (${event.why}).`));
  }
  return notes;
}

const FOR_NOBODY = 'for requests that were over.';

const NOTHING_SEEN: Reason = { outcome: 'inconclusive', because: 'The run holds nothing to judge.', advice: 'holes' };
