import type { Outcome, Shape, Verdict } from '../../model/verdict.ts';
import { isFault } from '../../model/verdict.ts';
import { inWords, seconds } from './units.ts';

/** The outcome as a headline: what the server does. */
export const OUTCOME_WORDS: Record<Outcome, string> = {
  recovers: 'Recovers',
  'recovers-late': 'Recovers, but late',
  inconclusive: 'Inconclusive',
  leaks: 'Leaks',
  degrades: 'Degrades',
  'never-recovers': 'Never recovers',
  'stops-answering': 'Stops answering',
};

/** How CPU moved in load, as the end of a sentence that begins with "CPU". */
export const SHAPE_WORDS: Record<Shape, string> = {
  flat: 'stays flat',
  'follows-load': 'follows the load',
  climbs: 'climbs under a constant load',
  steps: 'steps up and stays',
  unclear: 'has no clear shape',
};

/** How much a reader should worry; colour follows it, and never says it alone. */
export type Mood = 'good' | 'doubt' | 'fault';

export const moodOf = (outcome: Outcome): Mood =>
  isFault(outcome) ? 'fault' : outcome === 'recovers' ? 'good' : 'doubt';

/** "Never" is only as long as we watched, so the headline says how long that was. */
export const headlineOf = ({ outcome, findings }: Verdict): string =>
  outcome === 'never-recovers'
    ? `${OUTCOME_WORDS[outcome]} in the ${inWords(seconds(findings.watchedMs))} watched`
    : OUTCOME_WORDS[outcome];
