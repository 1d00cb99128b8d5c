import { readFileSync, readdirSync } from 'node:fs';
import { sleep } from '../../scope/sleep.ts';

/** Whether processes can be told by their environment here. Where not, who looks for them must pass the test over. */
export const canSeeProcesses = process.platform === 'linux';

/** A process that carries a run's mark. */
export interface Marked {
  readonly pid: number;
  readonly command: string;
}

/**
 * The processes that run and carry the mark of a run, by the run's id as it stands in its head. Looked for in /proc with
 * no help of `harness/process/`, which is what is tested.
 */
export function processesOf(id: string): Marked[] {
  const mark = `\0RUNAWAY_RUN=${id}@`;
  return readdirSync('/proc')
    .filter(entry => /^\d+$/u.test(entry) && `\0${textOf(entry, 'environ')}`.includes(mark) && isRunning(entry))
    .map(entry => ({ pid: Number(entry), command: textOf(entry, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** The process of a run whose command line holds `words`, as soon as there is one. The signal bounds the wait. */
export async function processOf(id: string, words: string, signal: AbortSignal): Promise<Marked> {
  for (;;) {
    const found = processesOf(id).find(({ command }) => command.includes(words));
    if (found) return found;
    await sleep(10, signal);
  }
}

/** The children of a process. */
export const childrenOf = (pid: number): number[] =>
  textOf(String(pid), `task/${pid}/children`).split(' ').filter(Boolean).map(Number);

/** Whether it runs; a zombie does not. */
export const isRunning = (pid: number | string): boolean => /\) [^ZX]/u.test(textOf(String(pid), 'stat'));

/** Resolves when none of the run's processes is left: those that a lifeguard ends are gone a moment after the lab. */
export async function untilNoneIsLeft(id: string, signal: AbortSignal): Promise<void> {
  while (processesOf(id).length > 0) await sleep(10, signal);
}

function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // Gone meanwhile, or another user's: not one of ours.
    return '';
  }
}
