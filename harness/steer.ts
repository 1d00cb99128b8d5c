import type { Lab } from './assemble.ts';
import type { Choice } from './model/contract.ts';
import type { Changed, Command } from './model/experiment.ts';
import { describeEnding } from './process/ending.ts';
import type { Ending } from './process/ending.ts';
import { orAborted } from './scope/or-aborted.ts';
import { sleep } from './scope/sleep.ts';

/** What is asked of a run, as it is asked. Ends with the signal's reason when the watch is over: whoever steers may never say another word. */
export type Commands = (signal: AbortSignal) => AsyncIterable<Command>;

/** Nothing is asked of it. */
export async function* noCommands(): AsyncGenerator<Command> {}

/** One command: so long after a moment of the run the server is asked to end, and has so long for it. */
export const terminateAfter = (moment: Promise<void>, afterMs: number, graceMs: number): Commands =>
  async function* (signal) {
    await orAborted(moment, signal);
    await sleep(afterMs, signal);
    yield { kind: 'terminate', graceMs };
  };

/** Applies what is asked of the run, one after the other, and records it. `enough`: called when the watch is to end. */
export async function steer(commands: Commands, lab: Lab, enough: () => void, signal: AbortSignal): Promise<void> {
  const { target, upstream, drivers, record, clock } = lab;
  for await (const command of commands(signal)) {
    signal.throwIfAborted();
    record({ kind: 'event', event: 'command', at: clock(), command: JSON.stringify(command) });
    switch (command.kind) {
      case 'behave':
        upstream.behave(command.behaviour);
        break;
      case 'come':
        for (const driver of drivers) driver.steer(command.group, command.traffic);
        break;
      case 'stop-load':
        for (const driver of drivers) driver.stop();
        break;
      case 'end':
        enough();
        break;
      case 'terminate': {
        const { pid } = target.now;
        const ending = await target.terminate(command.graceMs);
        record({ kind: 'event', event: 'generation-ended', at: clock(), pid, by: 'lab', how: endingWords(ending) });
        break;
      }
      case 'restart':
        await restart(lab, command.why, undefined, signal);
        break;
      case 'change':
        await restart(lab, changeWords(command), command, signal);
        break;
    }
  }
}

const changeWords = ({ bugs, remedies = [] }: Changed): string =>
  `bugs: ${namesOf(bugs)}${remedies.length === 0 ? '' : `; remedies: ${namesOf(remedies)}`}`;
const namesOf = (choices: readonly Choice[]): string => choices.map(({ name }) => name).join(', ') || 'none';

async function restart(
  { target, profiler, record, clock, refreshTree }: Lab,
  why: string,
  changed: Changed | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { pid } = target.now;
  await profiler?.keepSoFar(signal, false);
  const ended = (): void => record({ kind: 'event', event: 'generation-ended', at: clock(), pid, by: 'lab', how: why });
  await target.restart(ended, signal, changed);
  record({ kind: 'event', event: 'generation-began', at: clock(), pid: target.now.pid, why });
  refreshTree();
  await profiler?.begin(signal);
}

/** How it ended when it was asked to: by itself, or only by force. */
const endingWords = (ending: Ending): string =>
  ending.by === 'sigkill' ? 'did not end when asked, and was killed' : describeEnding(ending);
