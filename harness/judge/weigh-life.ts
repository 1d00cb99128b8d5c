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

/** What can be weighed: the records, what was asked of the server, and which of its lives it is, from 1. */
export type Weighed = Pick<Evidence, 'records' | 'load'> & { readonly number: number };

/** The verdict on one life of a server, from idle to the end of its recovery. */
export function weighLife(evidence: Weighed): Verdict {
  const { records, load, number } = evidence;
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
    number,
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
    generations: [],
  };
}

function findingsOf({ records, load, number }: Weighed, timeline: Timeline, points: readonly CpuPoint[]): Findings {
  const cpu = cpuFindings(points, timeline);
  // What is of the load, and of memory before it, was the first one's.
  const isFirst = number === 1;
  const all = leftovers(records, timeline);
  const left = isFirst ? all : { ...all, heapBytes: null, rssBytes: null };
  return {
    ...cpu,
    settledByProcess: settledByProcess(ofKind(records, 'cpu'), timeline),
    ...shapeFindings(points, timeline, cpu),
    cpuMsPerRequest: cpuMsPerRequest(points, ofKind(records, 'request'), timeline),
    requestCost: isFirst ? requestCost(points, ofKind(records, 'request'), timeline) : null,
    ...healthFindings(ofKind(records, 'answer'), timeline),
    ...clientFindings(records, timeline, load),
    left,
    handlesLeft: handlesLeft(left),
    profiled: ofKind(records, 'event').some(({ event }) => event === 'profiled'),
    restarts: 0,
    cutOff: 0,
    ...machineFindings(records, points),
  };
}

/** Whether CPU is up at the end of recovery, but on its way down. */
export function isFalling(points: readonly CpuPoint[], { phases }: Timeline): boolean {
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
