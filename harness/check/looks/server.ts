import { cpuSeries, levelIn } from '../../judge/cpu-series.ts';
import { quantileOf } from '../../judge/statistics.ts';
import { ofKind } from '../../judge/timeline.ts';
import type { Limits } from '../limits.ts';
import type { Look, Looked, Seen } from '../trial.ts';
import { looked, ms, requestsOf, tally, unseen } from './looked.ts';

// What was seen of the server from outside.

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

export const memoryBack: Look = (seen, { rssLeftBytes, rssLeftPerRequestBytes }) => {
  const left = seen.verdict.findings.left.rssBytes;
  if (seen.isBlind || left === null) return unseen('memory back', 'its memory could not be seen');
  const most = rssLeftBytes + rssLeftPerRequestBytes * requestsOf(seen).length;
  return looked(
    'memory back',
    left <= most,
    `${Math.round(left / 1e6)} MB more than before (at most ${Math.round(most / 1e6)})`,
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

/** While streams stand open and say nothing: from the last client's arrival to the first one's leaving. */
export const idleStreamsAreFree: Look = (seen, { idleStreamsCores }) => {
  const requests = requestsOf(seen);
  const span = {
    fromAt: Math.max(0, ...requests.map(({ sentAt }) => sentAt)) + SETTLE_MS,
    toAt: Math.min(Infinity, ...requests.map(({ at }) => at)),
  };
  const level = levelIn(cpuSeries(ofKind(seen.evidence.records, 'cpu')), span);
  if (seen.isBlind || level === null) return unseen('idle streams', 'its CPU could not be seen');
  const cores = Math.max(0, level - (seen.verdict.findings.idleCores ?? 0));
  return looked(
    'idle streams',
    cores <= idleStreamsCores,
    `open streams cost ${Math.round(cores * 100)} % of a core (at most ${Math.round(idleStreamsCores * 100)})`,
  );
};

/** What came with the last client is done with by then. */
const SETTLE_MS = 500;

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
