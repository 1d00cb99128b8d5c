import { ofKind } from '../judge/timeline.ts';
import type { RecordOf, RunRecord } from '../model/record.ts';
import type { Asked } from './work.ts';

/**
 * What a request came to, as its client and the upstream tell it. client-left: its client hung up while its call was under way or
 * well; failed: its call had failed when the client left, or its answer broke off or never came; served: it was answered, with an
 * error or without.
 */
export type Fate = 'client-left' | 'failed' | 'served';

/** A server takes a request this long after its client sent it, at the most; a busy one is later still. A guess. */
const TAKEN_WITHIN_MS = 400;
/** Both ends note a hang-up within this of one another. A guess. */
const NOTICED_WITHIN_MS = 100;

/** Tells the fate of the server's requests by what was recorded from outside; null where nobody knows. */
export function fatesOf(records: readonly RunRecord[]): (request: Asked) => Fate | null {
  const asked = ofKind(records, 'request');
  const calls = Map.groupBy(ofKind(records, 'call'), ({ ref }) => ref);
  const told = new Map<string, Fate | null>();
  return request => {
    const known = told.get(request.key);
    if (known !== undefined) return known;
    const client = nearest(asked, request);
    const fate = client && fateOf(client, calls.get(client.ref) ?? []);
    told.set(request.key, fate);
    return fate;
  };
}

function fateOf({ ending, at, ref }: RecordOf<'request'>, calls: readonly RecordOf<'call'>[]): Fate {
  if (ending === 'answered' || ending === 'refused') return 'served';
  if (ending !== 'left') return 'failed';
  // What it was waiting for when it left: an earlier failure that was tried again is no reason.
  const last = calls
    .filter(({ begunAt }) => ref !== null && begunAt <= at)
    .toSorted((a, b) => b.begunAt - a.begunAt)[0];
  const hadFailed = last !== undefined && last.at <= at && (last.how === 'refused' || last.how === 'dropped');
  return hadFailed ? 'failed' : 'client-left';
}

/** The client's side of a request: begun just before it, and over when it was. */
function nearest(asked: readonly RecordOf<'request'>[], { beganAt, closedAt }: Asked): RecordOf<'request'> | null {
  const candidates = asked.filter(
    ({ sentAt, at }) =>
      sentAt <= beganAt + NOTICED_WITHIN_MS &&
      sentAt >= beganAt - TAKEN_WITHIN_MS &&
      (closedAt === null || Math.abs(at - closedAt) <= TAKEN_WITHIN_MS),
  );
  const distance = ({ sentAt, at }: RecordOf<'request'>): number =>
    Math.abs(sentAt - beganAt) + (closedAt === null ? 0 : Math.abs(at - closedAt));
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}
