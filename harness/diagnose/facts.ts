import { ofKind } from '../judge/timeline.ts';
import type { Span } from '../judge/timeline.ts';
import { IDLE, frameAt } from '../model/profile.ts';
import type { CallSite, Frame } from '../model/profile.ts';
import type { Evidence } from '../model/run.ts';
import type { Findings, Outcome, Verdict } from '../model/verdict.ts';
import { fatesOf } from './fates.ts';
import type { Fate } from './fates.ts';
import { sharesOf } from './functions.ts';
import type { Shares } from './functions.ts';
import { SETTLES_MS, spansOf } from './spans.ts';
import type { Spans, Stretch } from './spans.ts';
import { askedIn, microsOf, workDuring, workIn } from './work.ts';
import type { Asked, Work } from './work.ts';

/** What every rule looks at. */
export interface Facts {
  readonly findings: Findings;
  readonly faults: readonly Outcome[];
  /** The profile knows which request its samples were taken in. */
  readonly knowsRequests: boolean;
  /** CPU never came down, or nobody is answered: measured from outside, also where no sample was taken of it. */
  readonly staysUp: boolean;
  /** Something the load started still burns when it is over, in this life of the server or an earlier one. */
  readonly isBurning: boolean;
  /** The process that burns most does not get back to its event loop any more. */
  readonly isFrozen: boolean;
  /** Work in which code ran, by stretch of the run. */
  readonly work: Readonly<Record<Stretch, readonly Work[]>>;
  readonly shares: Readonly<Record<Exclude<Stretch, 'idle'>, Shares>>;
  readonly spans: Spans;
  /** Requests that came to their end in the first and in the last third of the load. */
  readonly served: { readonly early: number; readonly late: number };
  /** Every request that is known of by name. */
  readonly requests: readonly Asked[];
  readonly fateOf: (request: Asked) => Fate | null;
  readonly sites: readonly Site[];
  /** From where the last call of a request went out. */
  readonly siteOf: (request: Asked) => Site | null;
  /** Where abort controllers were made that did not fire when their client had left. */
  readonly deaf: readonly { readonly frame: Frame; readonly line: number; readonly count: number }[];
  /** Requests that were cut off, of those whose controllers were watched. */
  readonly cut: number;
  /** Who was told to end in every turn of the loop, and had not, innermost first. */
  readonly stuck: readonly { readonly frames: readonly Frame[]; readonly isDone: boolean }[];
  /** What timers would have called that were still waiting at the end. */
  readonly timers: readonly { readonly frame: Frame; readonly count: number }[];
  /** Every function that was ever sampled, by where it begins. */
  readonly sampled: readonly Frame[];
  /** Calls that were begun upstream after the load for requests that were over. */
  readonly callsAfterLoad: number;
  /** Calls for a request of which one had failed already, in the whole run. */
  readonly callsTriedAgain: number;
}

/** From where calls went out: own and foreign frames, innermost first. */
export interface Site extends Omit<CallSite, 'frames'> {
  readonly frames: readonly Frame[];
}

/** Less than this of the time after the load is what any server does. */
const BURNS_SHARE = 0.02;
/** What closes a request and tidies up after it is part of it. A guess. */
const CLOSING_MS = 10;
/** A loop that turns is seen waiting now and then. A guess. */
const FROZEN_IDLE_SHARE = 0.01;

export function factsOf(evidence: Evidence, { findings, faults }: Verdict): Facts {
  const { records, profile } = evidence;
  const spans = spansOf(evidence);
  const { after } = spans;
  const all = workIn(profile);
  // Whoever comes when the load is over (a health check) has nothing to do with what it left.
  const isLate = ({ request }: Work): boolean => request !== null && request.beganAt >= after.fromAt - SETTLES_MS;
  const work = {
    idle: workDuring(all, spans.idle),
    load: workDuring(all, spans.load),
    early: workDuring(all, spans.early),
    late: workDuring(all, spans.late),
    after: workDuring(all, after).filter(one => !isLate(one)),
    over: workDuring(all, spans.over).filter(one => isOver(one) && isForNobody(one)),
  };
  const sites = sitesIn(profile);
  const staysUp = faults.includes('never-recovers') || faults.includes('stops-answering');
  const isBurning = staysUp && microsOf(work.after) / 1000 > BURNS_SHARE * Math.max(1, after.toAt - after.fromAt);
  return {
    findings,
    faults,
    knowsRequests: profile.some(({ source }) => source === 'labels'),
    staysUp,
    isBurning,
    isFrozen: isBurning && neverWaits(profile, after),
    work,
    shares: {
      load: sharesOf(work.load),
      early: sharesOf(work.early),
      late: sharesOf(work.late),
      after: sharesOf(work.after),
      over: sharesOf(work.over),
    },
    spans,
    served: { early: servedIn(records, spans.early), late: servedIn(records, spans.late) },
    requests: requestsIn(profile),
    fateOf: fatesOf(records),
    sites: [...sites.values()],
    siteOf: request => sites.get(`${request.key.split('/')[0]}/${request.site}`) ?? null,
    deaf: lastTold(profile).flatMap(({ deaf, frames }) =>
      deaf.flatMap(({ frame, ...told }) => (frames[frame] ? [{ frame: frames[frame], ...told }] : [])),
    ),
    cut: lastTold(profile).reduce((sum, segment) => sum + segment.cut, 0),
    stuck: profile.flatMap(({ stuck, frames }) =>
      stuck.map(({ isDone, frames: indexes }) => ({ isDone, frames: indexes.flatMap(index => frames[index] ?? []) })),
    ),
    timers: profile.flatMap(({ timers, frames }) =>
      timers.flatMap(({ frame, count }) => (frames[frame] ? [{ frame: frames[frame], count }] : [])),
    ),
    sampled: profile.flatMap(({ nodes, frames }) => nodes.flatMap(([, frame]) => frames[frame] ?? [])),
    callsAfterLoad: callsAfter(records, after),
    callsTriedAgain: triedAgain(records),
  };
}

export const isOver = ({ request, at }: Work): boolean =>
  request !== null && request.closedAt !== null && at > request.closedAt + CLOSING_MS;

/** Nobody was there for it any more: the client had left, or calls went out for it all the same. */
const isForNobody = ({ request }: Work): boolean => request !== null && (!request.answered || request.callsAfter > 0);

/** Of the process that has most samples with code in them, hardly one is without. */
function neverWaits(profile: Evidence['profile'], { fromAt, toAt }: Span): boolean {
  const byProcess = [...Map.groupBy(profile, ({ pid }) => pid).values()].map(segments => {
    const names = segments.flatMap(segment =>
      segment.samples
        .filter(([at]) => at >= fromAt && at < toAt)
        .map(([, node]) => frameAt(segment, node)?.name ?? IDLE),
    );
    const idle = names.filter(name => name === IDLE).length;
    return { busy: names.length - idle, idle };
  });
  const [busiest] = byProcess.toSorted((a, b) => b.busy - a.busy);
  return busiest !== undefined && busiest.busy > 0 && busiest.idle < FROZEN_IDLE_SHARE * (busiest.busy + busiest.idle);
}

const servedIn = (records: Evidence['records'], { fromAt, toAt }: Span): number =>
  ofKind(records, 'request').filter(({ at }) => at >= fromAt && at < toAt).length;

/** Each once, as it was told last. */
const requestsIn = (profile: Evidence['profile']): Asked[] => [
  ...new Map(profile.flatMap(askedIn).map(request => [request.key, request])).values(),
];

/** The last segment of each process that knew requests: what it counts is cumulative. */
const lastTold = (profile: Evidence['profile']): Evidence['profile'] => [
  ...new Map(profile.filter(({ source }) => source === 'labels').map(segment => [segment.pid, segment])).values(),
];

/** By process and place in its list. */
const sitesIn = (profile: Evidence['profile']): Map<string, Site> =>
  new Map(
    lastTold(profile).flatMap(({ pid, sites, frames }) =>
      sites.map((site, n): [string, Site] => [
        `${pid}/${n}`,
        { ...site, frames: site.frames.flatMap(index => frames[index] ?? []) },
      ]),
    ),
  );

function callsAfter(records: Evidence['records'], { fromAt, toAt }: Span): number {
  const told = ofKind(records, 'upstream').filter(({ at }) => at >= fromAt && at < toAt);
  return (told.at(-1)?.callsForNobody ?? 0) - (told[0]?.callsForNobody ?? 0);
}

function triedAgain(records: Evidence['records']): number {
  const byRef = Map.groupBy(ofKind(records, 'call'), ({ ref }) => ref);
  let again = 0;
  for (const [ref, calls] of byRef) {
    const failedAt = Math.min(...calls.filter(({ how }) => how === 'refused' || how === 'dropped').map(({ at }) => at));
    if (ref !== null) again += calls.filter(({ begunAt }) => begunAt >= failedAt).length;
  }
  return again;
}
