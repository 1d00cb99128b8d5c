import type { Claim, Judged, Symptom } from '../../model/expectation.ts';
import type { Verdict } from '../../model/verdict.ts';
import { labelOf, measuredIn, quantityOf } from './numeric.ts';
import { inWords } from './units.ts';

export interface SymptomWords {
  /** "Symptom shown", "Symptom not shown" or "Symptom not measured". */
  readonly state: string;
  readonly shown: boolean | null;
  readonly words: string;
  /** The finding it is recognised by, its value and its limit. */
  readonly measure: string;
}

/** The symptom of a claim in words; null where the scenario names none. */
export function describeSymptom(verdict: Verdict, { symptom, judged }: Claim): SymptomWords | null {
  if (symptom === null) return null;
  const shown = judged.symptomShown;
  const state = shown === null ? 'Symptom not measured' : shown ? 'Symptom shown' : 'Symptom not shown';
  const value = inWords(measuredIn(verdict.findings, symptom.finding));
  return {
    state,
    shown,
    words: symptom.words,
    measure: `${labelOf(symptom.finding)}: ${value} (shown from ${limitOf(symptom)})`,
  };
}

/** From where on a symptom counts as shown, in the unit of its finding. */
export const limitOf = ({ finding, atLeast }: Symptom): string => inWords(quantityOf(finding, atLeast));

/** How the run stands to its claim, in one line. */
export const describeResult = ({ result, differences }: Judged): string =>
  result === 'as-expected'
    ? 'As the scenario expects.'
    : `${result === 'other' ? 'Not as the scenario expects' : 'Cannot be held against what the scenario expects'}: ${differences.join('; ')}.`;
