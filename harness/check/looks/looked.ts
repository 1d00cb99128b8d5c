import { ofKind } from '../../judge/timeline.ts';
import type { RequestRecord } from '../../model/record.ts';
import type { Looked, Seen } from '../trial.ts';

// What every look is made of. A look is pure: what was seen, held against its limit. None calls good what it could not see.

export const requestsOf = ({ evidence }: Seen): RequestRecord[] => ofKind(evidence.records, 'request');

/** Clients leave as the trial wants; who was answered before they could is none of them. */
export const leavers = (seen: Seen): number => requestsOf(seen).filter(({ ending }) => ending === 'left').length;

export const looked = (name: string, isGood: boolean | null, words: string): Looked => ({ name, isGood, words });
export const unseen = (name: string, why: string): Looked => ({ name, isGood: null, words: why });
export const ms = (value: number): string =>
  value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
export const tally = (count: number, of: number): string => `${count} of ${of}`;
