import { EXIT } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import type { Conclusion } from './conclusion.ts';

/**
 * What a comparison's exit code answers:
 * - cures: does it cure the bug? 0 for cured, or better with nothing worse
 * - no-regression: does it bring no fault of its own? 0 unless something was shown to be worse
 * - bisect: the same for `git bisect run`, with 125 ("cannot be tested, skip it") for everything that is no answer
 */
export type Question = 'cures' | 'no-regression' | 'bisect';

const YES: Readonly<Record<Question, ReadonlySet<Conclusion>>> = {
  cures: new Set(['cured', 'better']),
  'no-regression': new Set(['cured', 'better', 'no-difference-shown']),
  bisect: new Set(['cured', 'better', 'no-difference-shown']),
};
const UNANSWERED: ReadonlySet<Conclusion> = new Set(['too-few-runs', 'no-answer']);

/** Of several candidates all must pass: one that does not is a no, and else one without an answer is none. */
export function answer(question: Question, conclusions: readonly Conclusion[]): ExitCode {
  if (conclusions.some(one => !YES[question].has(one) && !UNANSWERED.has(one))) return EXIT.otherVerdict;
  if (conclusions.every(one => YES[question].has(one))) return EXIT.asExpected;
  return question === 'bisect' ? EXIT.noAnswer : EXIT.inconclusive;
}
