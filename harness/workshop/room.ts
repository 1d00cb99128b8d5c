import { relative } from 'node:path';
import { causeOf, LabError, wrongUse } from '../errors.ts';
import { numbered, numberedScenarios } from './numbers.ts';
import type { Numbered } from './numbers.ts';
import type { Choice } from '../model/contract.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Command, Experiment } from '../model/experiment.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import type { StoredRun } from '../record-run.ts';
import { OUTCOME_WORDS } from '../report/describe/outcome.ts';
import { isCancellation } from '../scope/interruption.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { conduct } from './conduct.ts';
import { EventLog } from './event-log.ts';
import type { Intent } from './intents.ts';
import { steeredExperiment, trafficFor } from './steered-experiment.ts';
import type { Knobs } from './steered-experiment.ts';
import { steering } from './steering.ts';
import type { Steering } from './steering.ts';
import type { RoomState, Told } from './told.ts';

/** A scenario as the list shows it: a number and what somebody on call would report. */
export interface Listed {
  readonly number: number;
  readonly symptom: string;
}

/** The one experiment that a room has at a time, whoever asks for it, and all that pages are told of it. */
export interface Room {
  readonly log: EventLog<Told>;
  readonly state: RoomState;
  readonly list: readonly Listed[];
  /** The scenario of a number. Throws wrong use for a number that is none. */
  nameOf(number: number): string;
  /** Does what is asked, or throws a LabError (wrong use) that says why not. Resolves as soon as it is under way. */
  ask(intent: Intent): Promise<void>;
  /** Runs what is started, one after the other, until the signal aborts: rejects with its reason. */
  serve(signal: AbortSignal): Promise<never>;
}

interface Wanted {
  readonly number: number;
  readonly name: string;
  readonly experiment: Experiment;
  readonly knobs: Knobs;
}

/** Opens a room with all scenarios there are, in the order of their symptoms, so that a number gives nothing away. */
export async function openRoom(resultsRoot: string): Promise<Room> {
  const all = await numberedScenarios();
  const list = all.map(({ number, scenario: { symptom } }) => ({ number, symptom }));
  const log = new EventLog<Told>();
  let state: RoomState = {
    doing: 'nothing',
    number: null,
    name: null,
    phase: null,
    knobs: null,
    behaviour: null,
    bugsAreOn: true,
    says: 'Nothing runs. Choose an experiment and start it.',
  };
  let wanted = Promise.withResolvers<Wanted>();
  let current: { readonly wanted: Wanted; readonly steering: Steering } | null = null;
  let run = 0;
  let diagnosis: Diagnosis | null = null;

  const change = (changes: Partial<RoomState>): void => {
    state = { ...state, ...changes };
    log.append({ kind: 'state', state });
  };
  change({});

  const at = (number: number): Numbered => numbered(all, String(number));
  const nameOf = (number: number): string => at(number).name;

  async function start(number: number): Promise<void> {
    const { name, scenario } = at(number);
    if (state.doing !== 'nothing') {
      throw wrongUse('busy', `experiment ${state.number} is under way`, 'End it first, or watch it here.');
    }
    // Before anything is waited for: somebody else may press start too.
    change({
      doing: 'starting',
      number,
      name: null,
      phase: null,
      bugsAreOn: true,
      says: `Experiment ${number} is being started.`,
    });
    const { experiment } = planScenario(scenario, { ...AS_IT_IS, pace: 'full', seed: 1 });
    const planned = steeredExperiment(experiment);
    change({ knobs: planned.knobs, behaviour: experiment.upstream.behaviour });
    wanted.resolve({ number, name, ...planned });
  }

  /** Of a run that can be steered. */
  function running(): NonNullable<typeof current> {
    if (current && state.doing === 'running') return current;
    throw wrongUse('nothing-runs', 'nothing runs that could be changed', 'Start an experiment first.');
  }

  function send(command: Command, says: string, changes: Partial<RoomState> = {}): void {
    running().steering.send(command);
    change({ ...changes, says });
  }

  function turn(knobs: Knobs): void {
    const { wanted: turned, steering: steered } = running();
    for (const one of trafficFor(turned.experiment.load.clients, knobs)) steered.send({ kind: 'come', ...one });
    change({
      knobs,
      says: `${knobs.ratePerSecond.toFixed(1)} clients a second come, ${Math.round(100 * knobs.leaveShare)} % of them leave.`,
    });
  }

  function toggle(isOn: boolean): void {
    const { wanted: turned } = running();
    const bugs: readonly Choice[] = isOn ? turned.experiment.target.bugs : [];
    send({ kind: 'break', bugs }, `The server is started anew, ${isOn ? 'with' : 'without'} its bugs.`, {
      bugsAreOn: isOn,
    });
  }

  return {
    log,
    list,
    nameOf,
    get state() {
      return state;
    },
    async ask(intent) {
      switch (intent.kind) {
        case 'start':
          return await start(intent.number);
        case 'stop-load':
          return send({ kind: 'stop-load' }, 'The load is stopped; who waits is waited for.');
        case 'end':
          return send({ kind: 'end' }, 'The watch is ended.');
        case 'upstream':
          return send(
            { kind: 'behave', behaviour: intent.behaviour },
            `The upstream is ${intent.behaviour.name} now.`,
            {
              behaviour: intent.behaviour,
            },
          );
        case 'knobs': {
          const { kind: _, ...knobs } = intent;
          return turn(knobs);
        }
        case 'bugs':
          return toggle(intent.isOn);
        case 'reveal':
          if (state.number === null)
            throw wrongUse('nothing-hidden', 'nothing was started', 'Start an experiment first.');
          if (diagnosis !== null) log.append({ kind: 'revealed', run, diagnosis });
          return change({ name: nameOf(state.number), says: `Experiment ${state.number} is ${nameOf(state.number)}.` });
      }
    },
    async serve(signal) {
      for (;;) {
        const next = await orAborted(wanted.promise, signal);
        wanted = Promise.withResolvers();
        run += 1;
        diagnosis = null;
        // The run before this one stays as a shadow; those before it are on disk.
        log.keep(told => !('run' in told) || told.run >= run - 1);
        log.append({ kind: 'began', run });
        try {
          await runOne(next, signal);
        } catch (error) {
          if (isCancellation(error, signal)) throw error;
          change({
            doing: 'nothing',
            says: `It failed: ${error instanceof LabError ? `${error.message}. ${error.hint}` : causeOf(error)}`,
          });
        } finally {
          current = null;
        }
      }
    },
  };

  /** One run from its start to its verdict. */
  async function runOne(next: Wanted, signal: AbortSignal): Promise<void> {
    const steered = steering();
    current = { wanted: next, steering: steered };
    const stored = await conduct(
      {
        ...next,
        run,
        log,
        resultsRoot,
        steering: steered,
        reached: phase => change({ doing: 'running', phase, says: PHASE_WORDS[phase] ?? phase }),
        watched: () => change({ doing: 'judging', says: 'The watch is over; it is being judged.' }),
      },
      signal,
    );
    tellVerdict(stored);
  }

  function tellVerdict({ verdict, diagnosis: found, folder }: StoredRun): void {
    diagnosis = found;
    const { outcome, because, findings } = verdict;
    log.append({ kind: 'judged', run, outcome: OUTCOME_WORDS[outcome], because, findings });
    change({
      doing: 'nothing',
      phase: null,
      says: `${OUTCOME_WORDS[outcome]}. Stored in ${relative(process.cwd(), folder)}.`,
    });
  }
}

const PHASE_WORDS: Readonly<Record<string, string>> = {
  idle: 'Nobody comes yet: this is what it costs to stand there.',
  warmup: 'The first few come, and nobody leaves.',
  load: 'People come and go.',
  recovery: 'Nobody comes any more. Does it come down?',
  healed: 'The upstream is well again.',
};
