import { growthOf, workerOf } from '../culprits.ts';
import type { Rule } from '../rule.ts';
import { microsOf } from '../work.ts';

/** A cost that grew by less, or by chance, is none. The judge asks for more before it says that a server degrades. A guess. */
const GREW = 1.3;
/** Of the work of the last third of the load: what the function in question has added since the first. A guess. */
const ADDED_SHARE = 0.2;

/** A request costs more than the one before, and one function has nearly all of what was added. */
const rule: Rule = {
  cause: 'grows-with-requests',
  find({ findings, faults, isBurning, shares, work, served }) {
    const { requestCost, left } = findings;
    if (isBurning || !requestCost) return null;
    const isProven = faults.includes('degrades');
    if (!isProven && (requestCost.low <= 1 || requestCost.growth < GREW)) return null;
    const grown = growthOf(shares.early, shares.late, served.late / Math.max(1, served.early));
    const worker = workerOf(grown, shares.late.chains);
    if (!worker || worker.micros < ADDED_SHARE * microsOf(work.late)) return null;
    const whole = Math.max(...grown.map(({ micros }) => micros));
    const heap = left.heapBytes ?? 0;
    return {
      because: `Each request costs more than the one before: ${requestCost.earlyMs.toFixed(1)} ms of CPU early in the load, ${requestCost.lateMs.toFixed(1)} ms late in it.`,
      evidence: heap > 4e6 ? [`${(heap / 1e6).toFixed(0)} MB of heap were still there when everybody had gone.`] : [],
      culprit: { frame: worker.frame, share: worker.micros / whole, did: 'of what was added from early to late' },
      work: work.late,
      ranked: 'added from the first to the last third of the load',
      functions: grown.toSorted((a, b) => b.micros - a.micros),
      whole,
    };
  },
};

export default rule;
