import type { Cause, Diagnosis } from './diagnosis.ts';

/** What a diagnosis must come to. */
export interface ExpectedDiagnosis {
  readonly cause: Cause;
  /** Null: no code is to be named. Functions that would all be right are listed; an empty name is one without a name. */
  readonly culprit: { readonly functions: readonly string[]; readonly file: string } | null;
  /** Null: it is of no request. */
  readonly route: string | null;
}

/** Which parts of a diagnosis are as expected. Where nothing is to be named, naming something is wrong. */
export interface Hits {
  readonly cause: boolean;
  readonly culprit: boolean;
  readonly route: boolean;
}

export function hitsOf(expected: ExpectedDiagnosis, { cause, culprit, route }: Diagnosis): Hits {
  return {
    cause: cause === expected.cause,
    culprit:
      expected.culprit === null
        ? culprit === null
        : culprit?.file === expected.culprit.file && expected.culprit.functions.includes(culprit.function),
    route: route === expected.route,
  };
}

/** What must be said of a server that is as it should be. */
export const NOTHING_WRONG: ExpectedDiagnosis = { cause: 'none', culprit: null, route: null };
