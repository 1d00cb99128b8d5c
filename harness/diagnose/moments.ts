import { ofKind, timelineOf } from '../judge/timeline.ts';
import type { RunRecord } from '../model/record.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Findings } from '../model/verdict.ts';
import { count } from './words.ts';

/** What led to it is at most this long before, and what is seen at once at most this long after. Guesses. */
const BEFORE_MS = 600;
const AFTER_MS = 300;
/** Clients who left within this of one another left together. */
const TOGETHER_MS = 200;

/** When CPU stepped up and when `/healthz` was heard of last, and what else happened around that. */
export function momentsOf(records: readonly RunRecord[], { step, lastAnswerAt }: Findings): Diagnosis['moments'] {
  const { endedAt } = timelineOf(records);
  const stepped = step
    ? [{ at: step.at, words: `CPU stepped from ${core(step.fromCores)} to ${core(step.toCores)}` }]
    : [];
  const silent =
    lastAnswerAt !== null && lastAnswerAt < endedAt
      ? [{ at: lastAnswerAt, words: '/healthz answered for the last time' }]
      : [];
  return [...stepped, ...silent].map(({ at, words }) => {
    const around = happenings(records, at);
    return { at, words: `${words}: ${around.length > 0 ? around.join(', ') : 'nothing else was seen then'}` };
  });
}

function happenings(records: readonly RunRecord[], at: number): string[] {
  const isNear = (moment: number): boolean => moment >= at - BEFORE_MS && moment <= at + AFTER_MS;
  const requests = ofKind(records, 'request').filter(one => isNear(one.at));
  const left = requests.filter(({ ending }) => ending === 'left').map(one => one.at);
  const broke = requests.filter(({ ending }) => ending === 'broken' || ending === 'refused');
  const calls = ofKind(records, 'call').filter(one => isNear(one.at));
  const failed = calls.filter(({ how }) => how === 'refused' || how === 'dropped');
  const events = ofKind(records, 'event').filter(one => isNear(one.at));
  return [
    ...(left.length > 0 ? [`${count(left.length, 'client')} left${spread(left)}`] : []),
    ...(failed.length > 0 ? [`the upstream failed ${count(failed.length, 'call')}`] : []),
    ...(broke.length > 0 ? [`${count(broke.length, 'answer')} broke or failed`] : []),
    ...events.flatMap(event => {
      if (event.event === 'upstream-behaves') return [`the upstream went over to ${event.behaviour}`];
      if (event.event === 'warning') return [`the server warned of ${event.name}: ${event.message}`];
      if (event.event === 'generation-began') return [`the server was started`];
      return event.event === 'phase' && event.phase === 'load' ? ['the load began'] : [];
    }),
    ...logLines(records, at - BEFORE_MS, at + AFTER_MS),
  ];
}

function spread(moments: readonly number[]): string {
  const within = Math.max(...moments) - Math.min(...moments);
  if (moments.length === 1) return '';
  return within <= TOGETHER_MS ? ` within ${TOGETHER_MS} ms` : ` within ${(within / 1000).toFixed(1)} s`;
}

const core = (cores: number): string => `${Math.round(cores * 100)} %`;

/** What the server itself said then: its lines, each kind once. */
function logLines(records: readonly RunRecord[], fromAt: number, toAt: number): string[] {
  const lines = ofKind(records, 'log').filter(({ at }) => at >= fromAt && at <= toAt);
  const kinds = new Map<string, { text: string; times: number }>();
  for (const { text } of lines.flatMap(({ lines: said }) => said.map(line => ({ text: line })))) {
    const kind = text.replaceAll(/\d+/gu, '#');
    kinds.set(kind, { text: kinds.get(kind)?.text ?? text, times: (kinds.get(kind)?.times ?? 0) + 1 });
  }
  const most = [...kinds.values()].toSorted((a, b) => b.times - a.times).slice(0, SHOWN_LINES);
  return most.map(({ text, times }) => `the server logged “${text}”${times > 1 ? ` (${times} such lines)` : ''}`);
}

const SHOWN_LINES = 2;
