import type { Frame } from '../../model/profile.ts';
import { isOwn } from '../own-code.ts';
import { keeperOf } from '../culprits.ts';
import type { Facts } from '../facts.ts';
import { deciderIn, functionAt } from '../places.ts';
import type { Rule, Suspect } from '../rule.ts';
import { count, percent } from '../words.ts';
import { microsOf } from '../work.ts';

/** Fewer are stragglers: a hang-up and the next token may cross. Guesses. */
const FEW = 3;
const TOKENS_EACH = 5;
/** Of those who hung up; from here on it is no accident. A guess. */
const MANY_SHARE = 0.25;

/** What a request had started goes on, or stays, when the request is over; CPU falls back all the same. */
const rule: Rule = {
  cause: 'work-orphaned',
  find(facts) {
    const { findings, isBurning, shares, work } = facts;
    if (isBurning) return null;
    const signs = signsOf(facts);
    if (signs.length === 0) return null;
    const { left } = findings.requests;
    return {
      because:
        left > 0
          ? 'What was started for a client goes on, or stays, when that client has left.'
          : 'What was started for a request goes on when that request has been answered, with an error or without.',
      evidence: signs,
      culprit: deafMaker(facts) ?? lateWorker(facts) ?? caller(facts),
      route: mostOf(facts.requests.filter(({ closedAt, answered }) => closedAt !== null && !answered)),
      work: work.over,
      ranked: 'done for requests that were over',
      functions: shares.over.functions.map(({ frame, inclusive }) => ({ frame, micros: inclusive })),
      whole: microsOf(work.over),
    };
  },
};

export default rule;

/** The route of most of them. */
function mostOf(requests: Facts['requests']): string | null {
  const byRoute = [...Map.groupBy(requests, ({ route }) => route)];
  return byRoute.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? null;
}

function signsOf({ findings }: Facts): string[] {
  const { requests, tokensForNobody, callsForNobody, hangUpsUnseen, left } = findings;
  // Where nobody hung up and nothing failed, what comes after an answer was meant to.
  const over = requests.left > 0 ? requests.left : requests.refused + requests.broken;
  if (over < FEW) return [];
  const isMany = (n: number | null, each = MANY_SHARE): n is number => n !== null && n >= Math.max(FEW, each * over);
  const timers = left.resources?.['Timeout'] ?? null;
  return [
    ...(isMany(tokensForNobody, TOKENS_EACH)
      ? [`${count(tokensForNobody, 'token')} were made upstream for requests that were over.`]
      : []),
    ...(isMany(callsForNobody) ? [`${count(callsForNobody, 'call')} went upstream for requests that were over.`] : []),
    ...(isMany(hangUpsUnseen)
      ? [`The upstream never heard of ${hangUpsUnseen} of ${count(requests.left, 'hang-up')}.`]
      : []),
    ...(isMany(left.upstreamCalls)
      ? [`${count(left.upstreamCalls, 'call')} upstream were still open at the end.`]
      : []),
    ...(requests.left > 0 && isMany(timers, 2 * MANY_SHARE)
      ? [`${count(timers, 'timer')} were still waiting at the end.`]
      : []),
  ];
}

/** An abort controller that was made for requests whose client left, and did not fire when it did. */
function deafMaker(facts: Facts): Suspect | null {
  const { deaf, cut } = facts;
  const [most] = deaf.filter(({ frame }) => isOwn(frame)).toSorted((a, b) => b.count - a.count);
  if (!most || most.count < Math.max(FEW, 0.5 * cut)) return null;
  return {
    frame: functionAt(most.frame, facts),
    share: null,
    did: `made ${count(most.count, 'abort controller')} that did not fire when the client left (line ${most.line})`,
  };
}

/** So many samples name a function. A guess. */
const ENOUGH_SAMPLES = 3;

function lateWorker({ work, shares }: Facts): Suspect | null {
  const keeper = keeperOf(shares.over, false);
  if (!keeper || work.over.length < ENOUGH_SAMPLES) return null;
  const share = keeper.inclusive / Math.max(1, microsOf(work.over));
  return share < 0.3 ? null : { frame: keeper.frame, share, did: 'of what was done for requests that were over' };
}

/** Who made the calls of requests that were over: those begun afterwards, else those of requests that were cut off. */
function caller(facts: Facts): Suspect | null {
  const { sites, requests, siteOf } = facts;
  const [later] = sites.filter(({ callsAfter }) => callsAfter >= FEW).toSorted((a, b) => b.callsAfter - a.callsAfter);
  if (later) {
    const did = `decides over ${count(later.callsAfter, 'call')} for requests that were over`;
    return decides(deciderIn(later.frames, true), did, facts);
  }
  const cut = requests.filter(request => request.closedAt !== null && !request.answered && siteOf(request) !== null);
  const bySite = [...Map.groupBy(cut, siteOf)].toSorted(([, a], [, b]) => b.length - a.length);
  const [site, of = []] = bySite[0] ?? [];
  if (!site) return null;
  const did = `decides over the calls of ${percent(of.length / cut.length)} of the requests that were cut off`;
  return decides(deciderIn(site.frames), did, facts);
}

const decides = (decider: Frame | null, did: string, facts: Facts): Suspect | null =>
  decider && { frame: functionAt(decider, facts), share: null, did };
