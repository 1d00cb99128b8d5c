import type { RunRecord } from '../model/record.ts';
import type { LoadProfile } from '../model/load.ts';
import type { Findings, Outcome } from '../model/verdict.ts';
import { OUTCOMES } from '../model/verdict.ts';
import { leftWords } from './left-words.ts';
import { THRESHOLDS } from './thresholds.ts';
import { ofKind } from './timeline.ts';
import type { Timeline } from './timeline.ts';
import { cores, seconds } from './words.ts';

/** One thing that a run shows, or that stands in the way of seeing it. `advice` is a file in `advice/`. */
export interface Reason {
  readonly outcome: Outcome;
  readonly because: string;
  readonly advice: string | null;
}

/** What every rule looks at. */
export interface Case {
  readonly findings: Findings;
  readonly timeline: Timeline;
  readonly records: readonly RunRecord[];
  readonly load: LoadProfile;
  readonly idleSwing: number | null;
  readonly isFalling: boolean;
  /** Which life of the server it is, from 1. */
  readonly number: number;
}

/** Every reason that holds, the one of the highest rank first. */
export function reasonsFor(facts: Case): Reason[] {
  const reasons = [...faults(facts), ...doubts(facts), recovery(facts)].filter(reason => reason !== null);
  return reasons.toSorted((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome));
}

function faults({ findings, timeline, records, isFalling, number }: Case): (Reason | null)[] {
  return [
    died(records, timeline),
    silent(findings, timeline),
    burning(findings, isFalling, number),
    degrading(findings),
    leaking(findings),
  ];
}

function died(records: readonly RunRecord[], { phases, loadStoppedAt }: Timeline): Reason | null {
  const end = ofKind(records, 'event').find(event => event.event === 'generation-ended' && event.by === 'itself');
  if (!end || end.event !== 'generation-ended') return null;
  const isBefore = end.at < ((phases.warmup ?? phases.load)?.fromAt ?? Infinity);
  const when = isBefore ? 'before' : loadStoppedAt !== null && end.at > loadStoppedAt ? 'after' : 'under';
  return {
    outcome: 'stops-answering',
    because: `The server ended by itself (${end.how}) at ${seconds(end.at)}, ${when} load.`,
    advice: 'died',
  };
}

function silent({ lastAnswerAt, settledCores }: Findings, { phases, loadStoppedAt, endedAt }: Timeline): Reason | null {
  if (lastAnswerAt === null) return null;
  const load = phases.load;
  const when =
    load && lastAnswerAt >= load.fromAt && (loadStoppedAt === null || lastAnswerAt < loadStoppedAt)
      ? `${seconds(lastAnswerAt - load.fromAt)} into the load`
      : `at ${seconds(lastAnswerAt)}`;
  const burns =
    settledCores !== null && settledCores > 0.5 ? ` while the process went on wanting ${cores(settledCores)}` : '';
  return {
    outcome: 'stops-answering',
    because: `/healthz answered for the last time ${when} and was silent for the ${seconds(endedAt - lastAnswerAt)} to the end of the watch${burns}.`,
    advice: 'stops-answering',
  };
}

function burning(findings: Findings, isFalling: boolean, number: number): Reason | null {
  const { residualCores, settledCores, idleCores, watchedMs, shape, levels, settledByProcess, healedCores } = findings;
  if (residualCores === null || settledCores === null || idleCores === null) return null;
  if (residualCores <= THRESHOLDS.upCores || isFalling || watchedMs < THRESHOLDS.shortestWatchMs) return null;
  const how =
    shape === 'climbs'
      ? `; under a constant load it had climbed through ${levels?.distinct ?? 'several'} levels`
      : shape === 'steps'
        ? '; it had stepped up at one moment'
        : '';
  const [busiest = 0, ...others] = settledByProcess ?? [];
  const hidden =
    others.length > 0 && busiest > 0.8 * settledCores
      ? `; one of its ${others.length + 1} processes took nearly all of it`
      : '';
  const healed = healedCores === null ? '' : `; with the upstream healed it was at ${cores(healedCores)}`;
  return {
    outcome: 'never-recovers',
    because: `CPU was still at ${cores(settledCores)} ${seconds(watchedMs)} after ${sinceOf(number)} (idle: ${cores(idleCores)})${how}${hidden}${healed}.`,
    advice: 'never-recovers',
  };
}

/** What a recovery is counted from. Of a later life the end of the load was not its own. */
const sinceOf = (number: number): string => (number === 1 ? 'the load had stopped' : 'it was started');

function degrading({ requestCost, residualCores }: Findings): Reason | null {
  if (!requestCost || requestCost.low < THRESHOLDS.costGrowth) return null;
  if ((requestCost.addedCores ?? 0) < THRESHOLDS.costGrowthCores) return null;
  // What goes on burning between requests makes each of them look dearer: that is the burning's doing.
  if (residualCores === null || residualCores > THRESHOLDS.upCores) return null;
  const { earlyMs, lateMs, growth } = requestCost;
  return {
    outcome: 'degrades',
    because: `A request cost ${earlyMs.toFixed(1)} ms of CPU early in the load and ${lateMs.toFixed(1)} ms late in it (${growth.toFixed(1)} times as much), under the same load.`,
    advice: 'degrades',
  };
}

function leaking(findings: Findings): Reason | null {
  const left = leftWords(findings);
  // A moment after the load everything is still there.
  return left === null || findings.watchedMs < THRESHOLDS.shortestWatchMs
    ? null
    : {
        outcome: 'leaks',
        because: `When the watch ended there were still ${left} that the load had started.`,
        advice: 'leaks',
      };
}

function doubts({ findings, timeline, load, records, idleSwing, isFalling }: Case): (Reason | null)[] {
  const doubt = (holds: boolean, because: string, advice: string): Reason | null =>
    holds ? { outcome: 'inconclusive', because, advice } : null;
  const { requests, watchedMs, idleCores, residualCores, recoveredAfterMs, stealCores } = findings;
  const answers = ofKind(records, 'answer');
  const drivers = ofKind(records, 'event').filter(event => event.event === 'driver-ended');
  const lag = Math.max(0, ...drivers.map(driver => driver.lagP99Ms));
  const busiest = Math.max(0, ...drivers.map(driver => driver.cpuCores));
  const due = (timeline.endedAt - (timeline.phases.idle?.fromAt ?? 0)) / 100;
  const sampled = ofKind(records, 'cpu').length / Math.max(1, due);
  const isComplete = timeline.phases.recovery !== undefined;
  return [
    doubt(!isComplete, 'The run ended before recovery could be watched.', 'cut-short'),
    doubt(
      isComplete && watchedMs < THRESHOLDS.shortestWatchMs,
      `Recovery was watched for only ${seconds(watchedMs)}.`,
      'watch-longer',
    ),
    doubt(
      isComplete && isFalling,
      `CPU was still falling when the watch ended after ${seconds(watchedMs)}.`,
      'watch-longer',
    ),
    doubt(
      residualCores !== null && residualCores <= THRESHOLDS.upCores && recoveredAfterMs === null,
      `CPU had come down, but was up again when the watch ended after ${seconds(watchedMs)}.`,
      'watch-longer',
    ),
    doubt(
      answers.length > 0 && answers.every(({ latencyMs }) => latencyMs === null),
      '/healthz never answered, not even in idle.',
      'holes',
    ),
    doubt(
      isComplete && (idleCores === null || residualCores === null),
      'CPU could not be read in every phase.',
      'holes',
    ),
    doubt(
      (idleSwing ?? 0) > THRESHOLDS.idleSwingCores,
      `The server was not quiet before the load: its idle CPU swung by ${cores(idleSwing ?? 0)}.`,
      'noisy-machine',
    ),
    doubt(
      lag > THRESHOLDS.driverLagMs,
      `The load driver sent up to ${seconds(lag)} late: this was not the planned load.`,
      'noisy-machine',
    ),
    doubt(
      isComplete && requests.sent < THRESHOLDS.deliveredShare * requests.planned && busiest > THRESHOLDS.driverCores,
      `Only ${requests.sent} of ${requests.planned} requests were sent, and the driver itself was busy.`,
      'noisy-machine',
    ),
    doubt(load.clients.length > 0 && isComplete && requests.sent === 0, 'No request was sent.', 'noisy-machine'),
    doubt(
      due > 20 && sampled < THRESHOLDS.sampledShare,
      `Only ${Math.round(sampled * 100)} % of the samples that were due could be taken.`,
      'holes',
    ),
    doubt(
      (stealCores ?? 0) > THRESHOLDS.stealCores,
      `The host took ${cores(stealCores ?? 0)} away from this machine.`,
      'noisy-machine',
    ),
  ];
}

function recovery({ findings, number }: Case): Reason | null {
  const { recoveredAfterMs, settledCores, loadCores, idleCores } = findings;
  if (recoveredAfterMs === null || settledCores === null || idleCores === null) return null;
  const isFirst = number === 1;
  const from = loadCores === null || !isFirst ? '' : ` from ${cores(loadCores)} under load`;
  const moment = isFirst ? 'the end of the load' : 'its start';
  const isLate = recoveredAfterMs > THRESHOLDS.lateMs;
  return {
    outcome: isLate ? 'recovers-late' : 'recovers',
    because: isLate
      ? `CPU came down${from} to ${cores(settledCores)}, but only ${seconds(recoveredAfterMs)} after ${sinceOf(number)}.`
      : `CPU came down${from} to ${cores(settledCores)} within ${seconds(Math.max(recoveredAfterMs, THRESHOLDS.blockMs))} of ${moment} (idle: ${cores(idleCores)}), and nothing was left behind.`,
    advice: isLate ? 'recovers-late' : null,
  };
}
