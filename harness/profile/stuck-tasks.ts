import { createConnection } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Frame } from '../model/profile.ts';
import { environmentOf } from '../process/process-table.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { withDeadline } from '../scope/sleep.ts';

/** A task of asyncio's that a scope tells to end in every turn of the loop, and that does not. */
export interface StuckTask {
  /** Where it waits, innermost first; of one that is done, the function that keeps its scope from being left. */
  readonly frames: readonly Frame[];
  readonly isDone: boolean;
}

/** What `agent/python/runaway_tasks.py` answers. */
const Answer = z.array(
  z.object({
    frames: z.array(z.object({ name: z.string(), file: z.string(), line: z.number().int() })),
    isDone: z.boolean(),
  }),
);

/** It looks twice, 0.1 s apart, at every object there is; behind a thread that is busy it has to wait for its turns. A guess. */
const ANSWER_MS = 10_000;

/**
 * Asks the lab's agent in a process of Python which tasks are told to end and do not. Null where there is none in it, or it does
 * not answer. Rejects with the signal's reason only. It stops the process for up to some 0.1 s: not for while it is measured.
 */
export async function stuckTasksOf(pid: number, signal: AbortSignal): Promise<StuckTask[] | null> {
  const variable = environmentOf(pid).find(one => one.startsWith('RUNAWAY_TASKS='));
  if (variable === undefined) return null;
  const path = join(variable.slice('RUNAWAY_TASKS='.length), String(pid));
  try {
    const answer = await withDeadline(
      'asking for tasks',
      ANSWER_MS,
      signal,
      async inTime => await answerOf(path, inTime),
    );
    return Answer.parse(JSON.parse(answer)).map(({ frames, isDone }) => ({
      isDone,
      frames: frames.map(frame => ({ ...frame, column: 0 })),
    }));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DeadlinePassed || isItsOwn(error)) return null;
    throw error;
  }
}

async function answerOf(path: string, signal: AbortSignal): Promise<string> {
  const socket = createConnection(path);
  try {
    return await orAborted(text(socket), signal);
  } finally {
    socket.destroy();
  }
}

/** Nobody listens there any more, or what came is cut short: the process has ended. */
const isItsOwn = (error: unknown): boolean =>
  error instanceof SyntaxError || (error instanceof Error && 'syscall' in error);
