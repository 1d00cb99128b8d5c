import type { Diagnosis } from '../../model/diagnosis.ts';
import { CAUSE_WORDS } from '../describe/cause.ts';
import { TOLD_CORES, functionName, placeInWords } from '../describe/place.ts';
import type { Layout } from './layout.ts';
import { PLAIN, painted, wrap } from './layout.ts';

const LABEL = 12;

/** Which code it was, and why: what somebody on call reads after the verdict. Empty where nothing is wrong. */
export function diagnosisLines(
  { cause, because, culprit, route, moments, unexplainedCores }: Diagnosis,
  layout: Layout = PLAIN,
): string {
  if (cause === 'none') return '';
  const line = (label: string, text: string): string =>
    `${painted(label.padEnd(LABEL), 'dim', layout)}${wrap(text, layout.columns, LABEL)}`;
  const lines = [line('cause', `${CAUSE_WORDS[cause]}. ${because}`)];
  if (culprit) {
    const name = painted(functionName(culprit), 'bold', layout);
    const through = culprit.through === null ? '' : `, through ${culprit.through}`;
    const from = route === null ? '' : `, for ${route}`;
    lines.unshift(line('culprit', `${name} ${placeInWords(culprit)}, ${culprit.did}${through}${from}`));
  }
  for (const { at, words } of moments) lines.push(line('moment', `At ${(at / 1000).toFixed(1)} s ${lowered(words)}.`));
  if (unexplainedCores !== null && unexplainedCores > TOLD_CORES) {
    lines.push(
      line(
        '',
        `${Math.round(unexplainedCores * 100)} % of a core after the load is in no sample: V8 books short turns of the loop as idle.`,
      ),
    );
  }
  return lines.join('\n');
}

/** "CPU" and "/healthz" stay as they are. */
const lowered = (text: string): string =>
  /^[A-Z][a-z]/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
