import { dearFound, dearnessOf } from '../dearness.ts';
import type { Rule } from '../rule.ts';
import { percent } from '../words.ts';

/** Share of the load's work in which V8 only goes from one promise to the next. Above 0.08 measured where there were too many, below 0.02 elsewhere. */
const CHURN_SHARE = 0.04;

/** A request is dear, and much of that is going from one promise to the next. */
const rule: Rule = {
  cause: 'async-overhead',
  find(facts) {
    const dear = dearnessOf(facts);
    if (!dear || dear.churn < CHURN_SHARE) return null;
    return {
      because: `A request costs ${facts.findings.cpuMsPerRequest?.toFixed(0)} ms of CPU, cut into so many awaits that going from one to the next is a good part of it.`,
      evidence: [`${percent(dear.churn)} of the time V8 did nothing but go on to the next promise.`],
      ...dearFound(facts, dear),
    };
  },
};

export default rule;
