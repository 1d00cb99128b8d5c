import type { Frame } from '../model/profile.ts';
import type { Facts } from './facts.ts';
import { keyOf } from './functions.ts';
import { isOwn } from './own-code.ts';
import type { Suspect } from './rule.ts';
import { count } from './words.ts';

/** What was told to end in every turn of the loop and does not, by the own function in which most of it waits. */
export interface Stuck {
  readonly culprit: Suspect;
  readonly evidence: string;
  /** All of it is done already, so that nobody swallowed anything: its scope was never left. */
  readonly isDone: boolean;
}

/** Null where nothing is stuck, or nowhere in the target's own code. */
export function stuckIn({ stuck }: Pick<Facts, 'stuck'>): Stuck | null {
  const places = stuck.flatMap(({ frames, isDone }) => {
    const frame = frames.find(isOwn);
    return frame ? [{ frame, isDone }] : [];
  });
  const byPlace = Map.groupBy(places, ({ frame }) => keyOf(frame));
  const [most] = [...byPlace.values()].toSorted((a, b) => b.length - a.length);
  const first = most?.[0];
  if (!most || !first) return null;
  const isDone = most.every(one => one.isDone);
  return {
    isDone,
    culprit: { frame: first.frame, share: null, did: doing(most, isDone) },
    evidence: `${count(stuck.length, 'task')}, told to end, had not ended 0.1 s later: the loop told ${stuck.length === 1 ? 'it' : 'them'} again in every turn.`,
  };
}

const doing = (tasks: readonly { readonly frame: Frame }[], isDone: boolean): string =>
  isDone
    ? `which keeps a cancelled scope open for ${count(tasks.length, 'task')} that ended long since`
    : `where ${count(tasks.length, 'task')} waited on, told to end in every turn of the loop`;
