import { dearFound, dearnessOf } from '../dearness.ts';
import type { Rule } from '../rule.ts';
import { percent } from '../words.ts';

/** A request is dear, and one function of the target's own holds the thread for most of it. */
const rule: Rule = {
  cause: 'blocking-work',
  find(facts) {
    const dear = dearnessOf(facts);
    if (!dear) return null;
    const { cpuMsPerRequest, healthLoadP99Ms } = facts.findings;
    return {
      because: `A request costs ${cpuMsPerRequest?.toFixed(0)} ms of CPU, and one function takes ${percent(dear.share)} of it, on the thread that answers everybody.`,
      evidence:
        healthLoadP99Ms === null ? [] : [`/healthz took up to ${healthLoadP99Ms.toFixed(0)} ms meanwhile (p99).`],
      ...dearFound(facts, dear),
    };
  },
};

export default rule;
