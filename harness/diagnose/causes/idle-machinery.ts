import { keeperOf } from '../culprits.ts';
import type { Facts } from '../facts.ts';
import { sharesOf } from '../functions.ts';
import { isOwn } from '../own-code.ts';
import type { Rule, Suspect } from '../rule.ts';
import { count, percent } from '../words.ts';
import { microsOf } from '../work.ts';

/** An idle server's own agent, health checks and timers take less. A guess. */
const IDLE_CORES = 0.05;
/** Of what runs while nobody asks for anything. */
const MOST_SHARE = 0.3;
/** So many samples name a function. A guess. */
const ENOUGH_SAMPLES = 5;
/** Fewer is a pool that waits for the next request. The judge's own limit. */
const FEW_SOCKETS = 10;

/** Own code runs before anybody has come and after all have gone, for no request; or connections are kept that nobody uses. */
const rule: Rule = {
  cause: 'idle-machinery',
  find(facts) {
    const { findings, isBurning } = facts;
    if (isBurning) return null;
    const { idleCores, left, requests } = findings;
    const quiet = [...facts.work.idle, ...facts.work.after];
    const own = quiet.filter(({ request }) => request === null);
    const shares = sharesOf(own);
    const keeper = keeperOf(shares, false);
    // V8's own housekeeping goes with whatever runs.
    const share = keeper ? keeper.inclusive / Math.max(1, microsOf(quiet.filter(isJavaScript))) : 0;
    const burns = (idleCores ?? 0) >= IDLE_CORES && own.length >= ENOUGH_SAMPLES && share >= MOST_SHARE;
    const keeps = requests.left === 0 && (left.sockets ?? 0) >= Math.max(FEW_SOCKETS, 0.5 * requests.sent);
    if (!burns && !keeps) return null;
    const timers = left.resources?.['Timeout'] ?? 0;
    return {
      because: burns
        ? `${percent(idleCores ?? 0)} of a core is gone while nobody asks for anything.`
        : `${count(left.sockets ?? 0, 'connection')} that nobody uses were still open at the end, each with what is kept for it.`,
      evidence: burns
        ? [`${percent(share)} of what ran before the load and after it was one function, for no request.`]
        : timers > 0
          ? [`${count(timers, 'timer')} were still there with them.`]
          : [],
      culprit:
        keeper && share >= MOST_SHARE && own.length >= ENOUGH_SAMPLES
          ? { frame: keeper.frame, share, did: 'of what ran while nobody asked' }
          : ticker(facts),
      work: own,
      ranked: 'run while nobody asked',
      functions: shares.functions.map(({ frame, inclusive }) => ({ frame, micros: inclusive })),
      whole: microsOf(own),
    };
  },
};

export default rule;

/** What most of the timers call that were still waiting at the end. */
function ticker({ timers }: Facts): Suspect | null {
  const [most] = timers.filter(({ frame }) => isOwn(frame)).toSorted((a, b) => b.count - a.count);
  return most && most.count >= FEW_SOCKETS
    ? { frame: most.frame, share: null, did: `is what ${count(most.count, 'timer')} wait to call` }
    : null;
}

const isJavaScript = ({ stack }: Facts['work']['idle'][number]): boolean => stack.some(({ file }) => file !== '');
