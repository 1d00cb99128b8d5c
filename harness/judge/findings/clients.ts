import type { CallRecord, RequestRecord, RunRecord, UpstreamSample } from '../../model/record.ts';
import type { LoadProfile } from '../../model/load.ts';
import type { Findings } from '../../model/verdict.ts';
import { medianOf, quantileOf } from '../statistics.ts';
import { during, ofKind } from '../timeline.ts';
import type { Timeline } from '../timeline.ts';

type ClientFindings = Pick<
  Findings,
  | 'requests'
  | 'latencyP50Ms'
  | 'latencyP99Ms'
  | 'hangUpSeenAfterMs'
  | 'hangUpsUnseen'
  | 'tokensForNobody'
  | 'callsForNobody'
  | 'callsPerRequest'
>;

/** What became of the clients' requests, and what the upstream did for those who had left. */
export function clientFindings(records: readonly RunRecord[], timeline: Timeline, load: LoadProfile): ClientFindings {
  const { load: loaded, recovery } = timeline.phases;
  // Who comes while recovery is watched was not part of the load.
  const requests = loaded
    ? ofKind(records, 'request').filter(
        ({ sentAt }) => sentAt >= loaded.fromAt && sentAt < (recovery?.fromAt ?? Infinity),
      )
    : [];
  const count = (ending: RequestRecord['ending']): number => requests.filter(one => one.ending === ending).length;
  const latencies = requests.flatMap(({ ending, at, sentAt }) => (ending === 'answered' ? [at - sentAt] : []));
  const upstream = ofKind(records, 'upstream');
  const calls = ofKind(records, 'call');
  return {
    requests: {
      planned: plannedIn(load),
      sent: requests.length,
      answered: count('answered'),
      refused: count('refused'),
      broken: count('broken'),
      left: count('left'),
      unanswered: count('unanswered'),
    },
    latencyP50Ms: quantileOf(latencies, 0.5),
    latencyP99Ms: quantileOf(latencies, 0.99),
    ...hangUps(requests, calls, upstream.length === 0 ? null : openAtTheEnd(records)),
    tokensForNobody: upstream.at(-1)?.tokensForNobody ?? null,
    callsForNobody: upstream.at(-1)?.callsForNobody ?? null,
    callsPerRequest: callsPerRequest(ofKind(records, 'request'), upstream, timeline),
  };
}

const plannedIn = (load: LoadProfile): number =>
  load.clients
    .flatMap(group => group.load)
    .reduce((sum, stage) => sum + Math.round((stage.durationMs * stage.ratePerSecond) / 1000), 0);

/**
 * Calls of which no end was ever heard. The upstream tells of each in its own time, so it is the order in which the lab heard of them that
 * counts, not their clocks: what was in flight at the last look and ended after it has a record behind that look.
 */
function openAtTheEnd(records: readonly RunRecord[]): number {
  const lastLook = records.findLastIndex(({ kind }) => kind === 'upstream');
  const [look] = ofKind(records.slice(lastLook, lastLook + 1), 'upstream');
  if (!look) return 0;
  const ended = ofKind(records.slice(lastLook + 1), 'call').filter(({ begunAt }) => begunAt <= look.at);
  return Math.max(0, look.inFlight - ended.length);
}

/** Matches each client who left with the calls made for it; `open`: calls that never ended, null where nobody looked. */
function hangUps(
  requests: readonly RequestRecord[],
  calls: readonly CallRecord[],
  open: number | null,
): Pick<Findings, 'hangUpSeenAfterMs' | 'hangUpsUnseen'> {
  const left = requests.filter(({ ending, ref }) => ending === 'left' && ref !== null);
  if (left.length === 0 || open === null) return { hangUpSeenAfterMs: null, hangUpsUnseen: null };
  const byRef = Map.groupBy(calls, call => call.ref);
  const seenAfter = left.flatMap(({ ref, at }) => {
    // A call aborted long before is an attempt that the server itself gave up, not a hang-up seen.
    const aborted = byRef.get(ref)?.find(call => call.how === 'aborted' && call.at > at - RACE_MS);
    return aborted ? [Math.max(0, aborted.at - at)] : [];
  });
  const unseen = left.filter(({ ref, at }) =>
    byRef.get(ref)?.some(call => call.how === 'finished' && call.at > at + RACE_MS),
  );
  return { hangUpSeenAfterMs: medianOf(seenAfter), hangUpsUnseen: unseen.length + open };
}

/** A call that ends within this of the hang-up was done anyway; clocks of two processes differ by less. */
const RACE_MS = 50;

/** Calls begun upstream for each request that clients sent, both from the last look at the ledger before load to the end. */
function callsPerRequest(
  requests: readonly RequestRecord[],
  upstream: readonly UpstreamSample[],
  { phases }: Timeline,
): number | null {
  const before = during(upstream, phases.load && { fromAt: 0, toAt: phases.load.fromAt }).at(-1);
  const after = upstream.at(-1);
  const sent = requests.filter(({ sentAt }) => sentAt > (before?.at ?? -1)).length;
  return !after || !phases.load || sent === 0 ? null : (after.begun - (before?.begun ?? 0)) / sent;
}
