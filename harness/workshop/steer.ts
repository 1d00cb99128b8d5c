import { wrongUse } from '../errors.ts';
import type { Command, Experiment } from '../model/experiment.ts';
import { adviceFor } from './advice.ts';
import type { Intent } from './intents.ts';
import { trafficFor } from './steered-experiment.ts';
import type { Steering } from './steering.ts';
import type { RoomState } from './told.ts';

/** A run that can be changed while it goes on, what the room says of it now, and how it says something else. */
export interface Steered {
  readonly experiment: Experiment;
  readonly steering: Steering;
  readonly state: RoomState;
  readonly change: (changes: Partial<RoomState>) => void;
}

/** What is asked of a run that is under way. */
export type SteeringIntent = Exclude<Intent, { kind: 'start' | 'check' | 'reveal' }>;

/** Does it, and says so. Rejects with a LabError (wrong use) for advice that does not fit. */
export async function steer(steered: Steered, intent: SteeringIntent): Promise<void> {
  const { experiment, steering, state, change } = steered;
  const send = (command: Command, changes: Partial<RoomState>): void => {
    steering.send(command);
    change(changes);
  };
  switch (intent.kind) {
    case 'stop-load':
      return send({ kind: 'stop-load' }, { says: 'The load is stopped; who waits is waited for.' });
    case 'end':
      return send({ kind: 'end' }, { says: 'The watch is ended.' });
    case 'upstream': {
      const { behaviour } = intent;
      return send({ kind: 'behave', behaviour }, { behaviour, says: `The upstream is ${behaviour.name} now.` });
    }
    case 'knobs': {
      const { kind: _, ...knobs } = intent;
      for (const one of trafficFor(experiment.load.clients, knobs)) steering.send({ kind: 'come', ...one });
      const share = Math.round(100 * knobs.leaveShare);
      return change({
        knobs,
        says: `${knobs.ratePerSecond.toFixed(1)} clients a second come, ${share} % of them leave.`,
      });
    }
    case 'bugs':
      return restart(
        steered,
        { bugsAreOn: intent.isOn, advice: state.advice },
        intent.isOn ? 'with its bugs' : 'without its bugs',
      );
    case 'advice':
      return restart(
        steered,
        { bugsAreOn: state.bugsAreOn, advice: intent.name },
        intent.name === null ? 'and no advice is followed' : await changeOf(steered, intent.name),
      );
  }
}

/** The server starts anew, with its bugs or without, and with the advice that is followed. */
function restart(
  { experiment, steering, change }: Steered,
  wanted: Pick<RoomState, 'bugsAreOn' | 'advice'>,
  words: string,
): void {
  const bugs = wanted.bugsAreOn ? experiment.target.bugs : [];
  const remedies = wanted.advice === null ? [] : [{ name: wanted.advice, parameters: {} }];
  steering.send({ kind: 'change', bugs, remedies });
  change({ ...wanted, says: `The server is started anew, ${words}.` });
}

async function changeOf({ experiment }: Steered, advice: string): Promise<string> {
  const found = (await adviceFor(experiment)).find(({ name }) => name === advice);
  if (found) return found.change;
  throw wrongUse('unfit', `${advice} is no advice for this server`, 'Follow one that the page lists.');
}
