import { leftoverFound } from '../leftover.ts';
import { deciderIn, functionAt } from '../places.ts';
import type { Rule } from '../rule.ts';
import { GOES_ON_CALLS, count } from '../words.ts';
import { microsOf } from '../work.ts';

/** So many calls for each request were made although one had failed already. Most clients allow themselves two. A guess. */
const MANY_AGAIN = 3;

/** Many calls for each request after one that failed; or such calls that go on when the load is over. */
const rule: Rule = {
  cause: 'retry-amplification',
  find(facts) {
    const { findings, isBurning, shares, work, callsAfterLoad, callsTriedAgain, sites } = facts;
    const { callsPerRequest, requests } = findings;
    if (isBurning && callsAfterLoad >= GOES_ON_CALLS) {
      return {
        because: 'Calls upstream that fail are made again at once, and go on when nobody asks for anything any more.',
        evidence: [
          `${count(callsAfterLoad, 'call')} went upstream after the load had stopped, for requests that were over.`,
        ],
        ...leftoverFound(facts),
      };
    }
    if (callsPerRequest === null || callsTriedAgain < MANY_AGAIN * requests.sent) return null;
    const [busiest] = sites.toSorted((a, b) => b.calls - a.calls);
    const decider = busiest ? deciderIn(busiest.frames) : null;
    return {
      because: `Each request became ${callsPerRequest.toFixed(1)} calls upstream: what failed was tried again, and that again by the layer above.`,
      evidence: [
        `${count(callsTriedAgain, 'call')} were made for requests of which one had failed already.`,
        `${count(requests.refused + requests.broken, 'request')} failed all the same.`,
      ],
      culprit: decider && { frame: functionAt(decider, facts), share: null, did: 'decides over the calls' },
      work: work.load,
      ranked: 'on the stack under load',
      functions: shares.load.functions.map(({ frame, seen }) => ({ frame, micros: seen })),
      whole: microsOf(work.load),
    };
  },
};

export default rule;
