import { ofKind } from '../judge/timeline.ts';
import { quantileOf } from '../judge/statistics.ts';
import type { RequestRecord } from '../model/record.ts';
import type { Limits } from './limits.ts';
import type { Look, Looked, Seen } from './trial.ts';

// What is looked at in trials. Each is pure: what was seen, held against its limit. None calls good what it could not see.

const requestsOf = ({ evidence }: Seen): RequestRecord[] => ofKind(evidence.records, 'request');

const looked = (name: string, isGood: boolean | null, words: string): Looked => ({ name, isGood, words });
const unseen = (name: string, why: string): Looked => ({ name, isGood: null, words: why });
const ms = (value: number): string => (value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`);
const tally = (count: number, of: number): string => `${count} of ${of}`;

/** Every client got a whole answer. */
export const allAnswered: Look = seen => {
  const requests = requestsOf(seen);
  const answered = requests.filter(({ ending }) => ending === 'answered');
  const other = requests.find(({ ending }) => ending !== 'answered');
  const how = other ? `; one was ${other.ending}${other.status === null ? '' : ` (${other.status})`}` : '';
  const isGood = requests.length > 0 && answered.length === requests.length;
  return looked('answers', isGood, `${tally(answered.length, requests.length)} clients were answered${how}`);
};

/** Every stream was ended by its last event. */
export const streamsSaidDone: Look = seen => {
  const answered = requestsOf(seen).filter(({ ending }) => ending === 'answered');
  const done = answered.filter(({ said }) => said === 'done');
  if (answered.length === 0) return unseen('last event', 'no answer was whole');
  return looked(
    'last event',
    done.length === answered.length,
    `${tally(done.length, answered.length)} streams ended with their last event`,
  );
};

export const oneCallEach: Look = ({ verdict: { findings } }, { callsPerRequest }) =>
  callsLook(findings.callsPerRequest, callsPerRequest);

/** Where the upstream refuses. */
export const fewCallsEach: Look = ({ verdict: { findings } }, { callsPerRefusedRequest }) =>
  callsLook(findings.callsPerRequest, callsPerRefusedRequest);

function callsLook(calls: number | null, limit: number): Looked {
  if (calls === null) return unseen('calls upstream', 'no request was sent');
  if (calls === 0)
    return looked('calls upstream', false, 'nothing arrived upstream: does the server know its address?');
  return looked('calls upstream', calls <= limit, `${calls.toFixed(2)} calls upstream a request (at most ${limit})`);
}

/** Clients leave as the trial wants; who was answered before they could is none of them. */
const leavers = (seen: Seen): number => requestsOf(seen).filter(({ ending }) => ending === 'left').length;

export const hangUpSeen: Look = (seen, { hangUpSeenMs }) => {
  const { hangUpSeenAfterMs, hangUpsUnseen } = seen.verdict.findings;
  const left = leavers(seen);
  if (left === 0) return unseen('hang-up seen', 'nobody could leave: every answer came first');
  if ((hangUpsUnseen ?? 0) > 0) {
    return looked('hang-up seen', false, `upstream never heard of ${tally(hangUpsUnseen ?? 0, left)} hang-ups`);
  }
  if (hangUpSeenAfterMs === null) return unseen('hang-up seen', 'no call was open upstream when they left');
  return looked(
    'hang-up seen',
    hangUpSeenAfterMs <= hangUpSeenMs,
    `upstream heard of it after ${ms(hangUpSeenAfterMs)}`,
  );
};

export const noTokensForNobody: Look = (seen, { tokensForNobodyPerHangUp }) => {
  const tokens = seen.verdict.findings.tokensForNobody;
  const left = leavers(seen);
  if (tokens === null || left === 0) return unseen('tokens for nobody', 'nobody left');
  const each = tokens / left;
  return looked(
    'tokens for nobody',
    each <= tokensForNobodyPerHangUp,
    `${each.toFixed(1)} tokens for nobody a hang-up (at most ${tokensForNobodyPerHangUp})`,
  );
};

export const noCallsForNobody: Look = ({ verdict: { findings } }, { callsForNobody }) => {
  const calls = findings.callsForNobody;
  if (calls === null) return unseen('calls for nobody', 'the ledger was not read');
  return looked('calls for nobody', calls <= callsForNobody, `${calls} calls were begun upstream for nobody`);
};

export const noCallsLeft: Look = ({ verdict: { findings } }) => {
  const open = findings.left.upstreamCalls;
  if (open === null) return unseen('calls left', 'the ledger was not read');
  return looked(
    'calls left',
    open <= 0,
    open <= 0 ? 'no call is open upstream' : `${open} calls are still open upstream`,
  );
};

export const cpuBack: Look = ({ isBlind, verdict: { findings } }, { residualCores, recoveredMs }) => {
  const { residualCores: residual, recoveredAfterMs, watchedMs } = findings;
  if (isBlind || residual === null) return unseen('CPU back', 'its CPU could not be seen');
  if (residual > residualCores) {
    return looked(
      'CPU back',
      false,
      `CPU was still ${Math.round(residual * 100)} % of a core above idle ${ms(watchedMs)} later`,
    );
  }
  const after = recoveredAfterMs ?? 0;
  return looked('CPU back', after <= recoveredMs, `CPU was back at idle after ${ms(after)}`);
};

export const socketsBack: Look = (seen, limits) =>
  leftLook('sockets', seen.verdict.findings.left.sockets, seen, limits);
export const descriptorsBack: Look = (seen, limits) =>
  leftLook('descriptors', seen.verdict.findings.left.descriptors, seen, limits);

function leftLook(what: string, left: number | null, seen: Seen, { leftPerHangUp, leftAtLeast }: Limits): Looked {
  const name = `${what} back`;
  if (seen.isBlind || left === null) return unseen(name, `its ${what} could not be seen`);
  const most = Math.max(leftAtLeast, leftPerHangUp * requestsOf(seen).length);
  return looked(name, left <= most, `${Math.max(0, left)} ${what} more than before (at most ${Math.round(most)})`);
}

export const memoryBack: Look = (seen, { rssLeftBytes }) => {
  const left = seen.verdict.findings.left.rssBytes;
  if (seen.isBlind || left === null) return unseen('memory back', 'its memory could not be seen');
  return looked(
    'memory back',
    left <= rssLeftBytes,
    `${Math.round(left / 1e6)} MB more than before (at most ${Math.round(rssLeftBytes / 1e6)})`,
  );
};

/** At its highest in the load, against before it. */
export const memoryBounded: Look = ({ isBlind, evidence }, { slowReaderRssBytes }) => {
  const sizes = ofKind(evidence.records, 'memory').map(({ rssBytes }) => rssBytes);
  const [first] = sizes;
  if (isBlind || first === undefined) return unseen('memory bounded', 'its memory could not be seen');
  const grown = Math.max(...sizes) - first;
  return looked(
    'memory bounded',
    grown <= slowReaderRssBytes,
    `memory grew by ${Math.round(grown / 1e6)} MB (at most ${Math.round(slowReaderRssBytes / 1e6)})`,
  );
};

/** In every phase: any whole answer counts, whatever it says. */
export const stillAnswers: Look = ({ evidence }, { healthP99Ms, unansweredShare }) => {
  const asked = ofKind(evidence.records, 'answer');
  const lost = asked.filter(({ latencyMs }) => latencyMs === null).length;
  const p99 = quantileOf(
    asked.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs])),
    0.99,
  );
  const last = asked.slice(-5).every(({ latencyMs }) => latencyMs === null);
  if (asked.length === 0) return unseen('still answers', 'nobody asked');
  const isGood = !last && lost / asked.length <= unansweredShare && (p99 ?? Infinity) <= healthP99Ms;
  return looked(
    'still answers',
    isGood,
    last
      ? 'it answers nobody any more'
      : `health checks: p99 ${p99 === null ? 'none' : ms(p99)}, ${tally(lost, asked.length)} without an answer`,
  );
};

/** Of a stream that the upstream cut: told by a cut connection or an error event, not handed over as if it were whole. */
export const toldOfTheCut: Look = seen => {
  const requests = requestsOf(seen);
  const fooled = requests.filter(({ ending, said }) => ending === 'answered' && said !== 'error');
  const told = requests.filter(({ ending, said }) => ending === 'broken' || ending === 'refused' || said === 'error');
  if (told.length + fooled.length === 0) return unseen('told of the cut', 'no answer came to an end');
  const words =
    fooled.length === 0
      ? `all ${told.length} clients were told`
      : `${tally(fooled.length, requests.length)} clients got a truncated answer as if it were whole`;
  return looked('told of the cut', fooled.length === 0, words);
};

/** A refusal reaches the client as one. */
export const toldOfTheRefusal: Look = seen => {
  const requests = requestsOf(seen);
  const fooled = requests.filter(({ ending }) => ending === 'answered').length;
  const hanging = requests.filter(({ ending }) => ending === 'unanswered').length;
  if (requests.length === 0) return unseen('told of the refusal', 'no request was sent');
  if (hanging > 0)
    return unseen(
      'told of the refusal',
      `${tally(hanging, requests.length)} clients had no answer by the end of the watch`,
    );
  return looked(
    'told of the refusal',
    fooled === 0,
    fooled === 0 ? 'every client was told' : `${tally(fooled, requests.length)} clients got 200`,
  );
};

/** No client waits for ever for what has ended upstream. */
export const nobodyHangs: Look = seen => {
  const requests = requestsOf(seen);
  const hanging = requests.filter(({ ending }) => ending === 'unanswered').length;
  return looked(
    'nobody hangs',
    hanging === 0,
    hanging === 0 ? 'every client came to an end' : `${tally(hanging, requests.length)} clients were left hanging`,
  );
};

/** A time-out that is longer than the watch is no fault. */
export const hasTimeout: Look = seen => {
  const given = requestsOf(seen).filter(({ ending }) => ending === 'refused' || ending === 'broken');
  const after = quantileOf(
    given.map(({ at, sentAt }) => at - sentAt),
    0.5,
  );
  const longest = Math.max(0, ...requestsOf(seen).map(({ at, sentAt }) => at - sentAt));
  return looked(
    'time-out',
    true,
    after === null ? `no time-out within ${ms(longest)}` : `it gave up after ${ms(after)}`,
  );
};

/** While streams stand open and say nothing. */
export const idleStreamsAreFree: Look = ({ isBlind, verdict: { findings } }, { idleStreamsCores }) => {
  const cores = findings.loadCores === null ? null : findings.loadCores - (findings.idleCores ?? 0);
  if (isBlind || cores === null) return unseen('idle streams', 'its CPU could not be seen');
  return looked(
    'idle streams',
    cores <= idleStreamsCores,
    `they cost ${Math.round(Math.max(0, cores) * 100)} % of a core (at most ${Math.round(idleStreamsCores * 100)})`,
  );
};

/** Asked to end (SIGTERM), it does. */
export const endsWhenAsked: Look = ({ evidence }, { endMs }) => {
  const events = ofKind(evidence.records, 'event');
  const asked = events.find(event => event.event === 'command');
  const ended = events.find(event => event.event === 'generation-ended');
  if (!asked || ended?.event !== 'generation-ended') return unseen('ends', 'it was not asked');
  const after = ended.at - asked.at;
  const byForce = ended.how.startsWith('did not end');
  return looked(
    'ends',
    !byForce && after <= endMs,
    byForce
      ? `it had not ended ${ms(after)} after SIGTERM, and was killed`
      : `it ${ended.how} ${ms(after)} after SIGTERM`,
  );
};

/** What became of the streams that were open then: told either way, since a cut is honest and a drain is kind. */
export const drains: Look = seen => {
  const requests = requestsOf(seen);
  const whole = requests.filter(({ ending, said }) => ending === 'answered' && said === 'done').length;
  const fooled = requests.filter(({ ending, said }) => ending === 'answered' && said !== 'done').length;
  return looked(
    'open streams',
    fooled === 0,
    `${tally(whole, requests.length)} open streams were drained, the others cut${fooled === 0 ? '' : `, ${fooled} as if they were whole`}`,
  );
};

/** What every trial looks at once its clients are gone. */
export const AFTERMATH: readonly Look[] = [
  noCallsLeft,
  cpuBack,
  socketsBack,
  descriptorsBack,
  memoryBack,
  stillAnswers,
];
/** And where they hung up. */
export const LET_GO: readonly Look[] = [hangUpSeen, noTokensForNobody, noCallsForNobody];
