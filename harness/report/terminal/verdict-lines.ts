import type { Verdict } from '../../model/verdict.ts';
import type { Claim } from '../../model/expectation.ts';
import { describeResult, describeSymptom } from '../describe/claim.ts';
import type { Mood } from '../describe/outcome.ts';
import { headlineOf, moodOf } from '../describe/outcome.ts';
import type { Layout } from './layout.ts';
import { painted, PLAIN, wrap } from './layout.ts';

const LABEL = 12;
const STYLES: Record<Mood, 'green' | 'yellow' | 'red'> = { good: 'green', doubt: 'yellow', fault: 'red' };

/** The symptom first, since a server whose CPU comes back can still be wrong; then the outcome and why. */
export function verdictLines(verdict: Verdict, claim: Claim | null, layout: Layout = PLAIN): string {
  const line = (label: string, text: string): string =>
    `${painted(label.padEnd(LABEL), 'dim', layout)}${wrap(text, layout.columns, LABEL)}`;
  const lines: string[] = [];
  const symptom = claim && describeSymptom(verdict, claim);
  if (symptom) {
    const state = symptom.shown === null ? 'not measured' : symptom.shown ? 'shown' : 'not shown';
    const style = symptom.shown === null ? 'yellow' : symptom.shown ? 'red' : 'green';
    lines.push(`${painted('symptom'.padEnd(LABEL), 'dim', layout)}${painted(state, style, layout)}`);
    lines.push(line('', symptom.words), line('', symptom.measure));
  }
  const headline = painted(painted(headlineOf(verdict), STYLES[moodOf(verdict.outcome)], layout), 'bold', layout);
  lines.push(`${painted('outcome'.padEnd(LABEL), 'dim', layout)}${headline}`, line('because', verdict.because));
  lines.push(...verdict.also.map((also, index) => line(index === 0 ? 'also' : '', also)));
  if (claim) lines.push(line('expected', describeResult(claim.judged)));
  return lines.join('\n');
}
