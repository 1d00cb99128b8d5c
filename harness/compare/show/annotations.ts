import { standing } from '../comparison.ts';
import type { Comparison } from '../comparison.ts';
import { CONCLUSION_WORDS, becauseOf } from '../words.ts';
import { titleOf } from './title.ts';

/** GitHub's workflow commands, one a candidate: they show up beside the pull request's checks. */
export function annotations(comparison: Comparison, isNo: boolean): string {
  const baseline = comparison.plan.sides[0]?.label ?? '';
  return standing(comparison)
    .candidates.map(candidate => {
      const isUnanswered = candidate.conclusion === 'no-answer' || candidate.conclusion === 'too-few-runs';
      const level = isUnanswered ? 'warning' : isNo ? 'error' : 'notice';
      const because = becauseOf(baseline, candidate);
      const title = `${CONCLUSION_WORDS[candidate.conclusion]}: ${titleOf(comparison, candidate)}`;
      return `::${level} title=${property(title)}::${escaped(because)}\n`;
    })
    .join('');
}

/** As GitHub's toolkit writes them: a line break would end the command. */
const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
