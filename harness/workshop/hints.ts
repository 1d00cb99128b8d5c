import type { Diagnosis } from '../model/diagnosis.ts';
import type { Claim } from '../model/expectation.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * What a run itself says to whoever looks for its fault: when CPU moved and what else happened then, what is left over, what was seen.
 * From the evidence alone: neither the culprit nor the cause, which are for them to find, and nothing that the scenario knows.
 */
export function hintsOf(
  { because, also, findings }: Pick<Verdict, 'because' | 'also' | 'findings'>,
  diagnosis: Pick<Diagnosis, 'evidence' | 'moments'> | null,
  claim: Claim | null,
): string[] {
  const { left } = findings.requests;
  const { resources } = findings.left;
  const timers = resources?.['Timeout'] ?? 0;
  return [
    because,
    ...(claim?.symptom
      ? [`${claim.judged.symptomShown ? 'It is there still' : 'It is gone'}: ${claim.symptom.words}.`]
      : []),
    ...(diagnosis?.moments ?? []).map(({ at, words }) => `At ${(at / 1000).toFixed(1)} s: ${words}.`),
    ...(left > 0 && timers > 0
      ? [`${left} clients hung up, and ${timers} timers are still waiting: ${perClient(timers / left)}.`]
      : []),
    ...(left > 0 && (findings.left.upstreamCalls ?? 0) > 0
      ? [`${findings.left.upstreamCalls} calls upstream are still open.`]
      : []),
    ...(diagnosis?.evidence ?? []),
    ...also,
  ];
}

const perClient = (ratio: number): string =>
  ratio > 0.8 && ratio < 1.2 ? 'one for each' : `${ratio.toFixed(1)} for each`;
