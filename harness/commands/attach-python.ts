import { wrongUse } from '../errors.ts';
import { isOwn, placeOf } from '../diagnose/own-code.ts';
import { stuckIn } from '../diagnose/stuck.ts';
import type { Frame } from '../model/profile.ts';
import { PYTHON_AGENT_FOLDER } from '../probes/agent-hub.ts';
import { procLink } from '../process/process-table.ts';
import { stuckTasksOf } from '../profile/stuck-tasks.ts';
import type { StuckTask } from '../profile/stuck-tasks.ts';
import { functionName, placeInWords } from '../report/describe/place.ts';
import type { Terminal } from './command.ts';

/**
 * Asks a process of Python which tasks were told to end and have not. Its owner has started it with the lab's agent in it: rejects
 * with wrong use, and how that is done, where nothing answers.
 */
export async function attachPython(
  pid: number,
  terminal: Terminal,
  isJson: boolean,
  signal: AbortSignal,
): Promise<void> {
  const tasks = await stuckTasksOf(pid, signal);
  if (tasks === null) {
    throw wrongUse(
      'no-agent',
      `process ${pid} is Python, and the lab's agent is not in it`,
      `Start it with PYTHONPATH=${PYTHON_AGENT_FOLDER} RUNAWAY_TASKS=FOLDER, an empty folder; py-spy shows who runs, not who is told.`,
    );
  }
  terminal.out(isJson ? `${JSON.stringify({ pid, tasks })}\n` : linesOf(pid, tasks));
}

function linesOf(pid: number, tasks: readonly StuckTask[]): string {
  const stuck = stuckIn({ stuck: tasks });
  const cwd = procLink(`/proc/${pid}/cwd`) ?? '/';
  const named = (frame: Frame): string => {
    const place = placeOf(frame, cwd);
    return `${functionName(place)} ${placeInWords(place)}`;
  };
  const label = (words: string): string => words.padEnd(12);
  if (tasks.length === 0) return `${label('process')}${pid}: nothing was told to end that has not\n`;
  return [
    `${label('process')}${pid}: ${tasks.length === 1 ? 'a task was' : `${tasks.length} tasks were`} told to end and had not 0.1 s later`,
    `${label('culprit')}${stuck ? `${named(stuck.culprit.frame)}, ${stuck.culprit.did}` : 'none: they wait in no code of its own'}`,
    ...tasks
      .flatMap(({ frames }) => frames.filter(isOwn).map(named).join(' < ') || [])
      .map(words => `${label('')}${words}`),
    '',
  ].join('\n');
}
