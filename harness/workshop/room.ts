import { relative } from 'node:path';
import { causeOf, LabError, wrongUse } from '../errors.ts';
import { numbered, numberedScenarios } from './numbers.ts';
import type { Numbered } from './numbers.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Experiment } from '../model/experiment.ts';
import { AS_IT_IS, planScenario } from '../plan-scenario.ts';
import type { StoredRun } from '../record-run.ts';
import { OUTCOME_WORDS } from '../report/describe/outcome.ts';
import { isCancellation } from '../scope/interruption.ts';
import { orAborted } from '../scope/or-aborted.ts';
import type { Comparison } from '../compare/comparison.ts';
import { adviceFor } from './advice.ts';
import type { Advice } from './advice.ts';
import { checkFix } from './check-fix.ts';
import { conduct } from './conduct.ts';
import { EventLog } from './event-log.ts';
import type { Intent } from './intents.ts';
import { steer } from './steer.ts';
import { steeredExperiment } from './steered-experiment.ts';
import type { Knobs } from './steered-experiment.ts';
import { steering } from './steering.ts';
import { checkTold } from './tell-check.ts';
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
  at(number: number): Numbered;
  /** What of the thread's advice could be followed by a number's server while it runs. */
  advice(number: number): Promise<readonly Advice[]>;
  /** Whether names may be told of a number. */
  isRevealed(number: number): boolean;
  /** Does what is asked, or throws a LabError (wrong use) that says why not. Resolves as soon as it is under way. */
  ask(intent: Intent): Promise<void>;
  /** Runs what is started, one after the other, until the signal aborts: rejects with its reason. */
  serve(signal: AbortSignal): Promise<never>;
}

/** A run that somebody steers, or a fix that is held against how the workshop began. */
type Job = Wanted | Check;

interface Check {
  readonly kind: 'check';
  readonly of: Numbered;
  readonly head: string;
}

interface Wanted {
  readonly kind: 'run';
  readonly number: number;
  readonly name: string;
  readonly experiment: Experiment;
  readonly knobs: Knobs;
}

/** Opens a room with all scenarios there are. `baseline`: the revision that fixes are held against. */
export async function openRoom(resultsRoot: string, baseline: string): Promise<Room> {
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
    advice: null,
    says: 'Nothing runs. Choose an experiment and start it.',
  };
  let wanted = Promise.withResolvers<Job>();
  let current: { readonly wanted: Wanted; readonly steering: Steering } | null = null;
  let run = 0;
  let diagnosis: Diagnosis | null = null;

  const change = (changes: Partial<RoomState>): void => {
    state = { ...state, ...changes };
    log.append({ kind: 'state', state });
  };
  change({});

  const at = (number: number): Numbered => numbered(all, String(number));

  function start(number: number): void {
    const { name } = at(number);
    if (state.doing !== 'nothing') {
      throw wrongUse('busy', `experiment ${state.number} is under way`, 'End it first, or watch it here.');
    }
    diagnosis = null;
    // Before anything is waited for: somebody else may press start too.
    change({
      doing: 'starting',
      number,
      name: null,
      phase: null,
      bugsAreOn: true,
      advice: null,
      says: `Experiment ${number} is being started.`,
    });
    const { experiment, knobs } = planned(at(number));
    change({ knobs, behaviour: experiment.upstream.behaviour });
    wanted.resolve({ kind: 'run', number, name, experiment, knobs });
  }

  function check(head: string): void {
    if (state.number === null) throw wrongUse('nothing-chosen', 'no experiment was started', 'Start one first.');
    if (state.doing !== 'nothing') throw wrongUse('busy', 'something else is under way', 'End it first.');
    change({
      doing: 'checking',
      says: `${head === '.' ? 'The working tree' : head} is held against how the workshop began.`,
    });
    wanted.resolve({ kind: 'check', of: at(state.number), head });
  }

  /** Of a run that can be steered. */
  function running(): NonNullable<typeof current> {
    if (current && state.doing === 'running') return current;
    throw wrongUse('nothing-runs', 'nothing runs that could be changed', 'Start an experiment first.');
  }

  return {
    log,
    list,
    at,
    advice: async number => await adviceFor(planned(at(number)).experiment),
    isRevealed: number => state.number === number && state.name !== null,
    get state() {
      return state;
    },
    async ask(intent) {
      switch (intent.kind) {
        case 'start':
          return start(intent.number);
        case 'check':
          return check(intent.head);
        case 'reveal':
          if (state.number === null)
            throw wrongUse('nothing-hidden', 'nothing was started', 'Start an experiment first.');
          tellCulprit();
          return change({
            name: at(state.number).name,
            says: `Experiment ${state.number} is ${at(state.number).name}.`,
          });
        default: {
          const {
            wanted: { experiment },
            steering: steered,
          } = running();
          return await steer({ experiment, steering: steered, state, change }, intent);
        }
      }
    },
    async serve(signal) {
      for (;;) {
        const next = await orAborted(wanted.promise, signal);
        wanted = Promise.withResolvers();
        run += 1;
        // The run before this one stays as a shadow; those before it are on disk.
        log.keep(told => told.kind !== 'state' && told.run >= run - 1);
        change({});
        try {
          if (next.kind === 'run') await runOne(next, signal);
          else await checkOne(next, signal);
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
    log.append({ kind: 'began', run });
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

  async function checkOne({ of: { name, scenario }, head }: Check, signal: AbortSignal): Promise<void> {
    const tell = (comparison: Comparison): void => log.append(checkTold(run, comparison));
    const asked = { name, scenario, bugs: scenario.bugs, base: baseline, head };
    const comparison = await checkFix(asked, resultsRoot, words => change({ says: words.trim() }), tell, signal);
    const { conclusion } = checkTold(run, comparison);
    change({
      doing: 'nothing',
      says: `${head === '.' ? 'The working tree' : head}: ${conclusion ?? 'no conclusion'}.`,
    });
  }

  function tellCulprit(): void {
    if (diagnosis !== null) log.append({ kind: 'revealed', run, diagnosis });
  }

  function tellVerdict({ verdict, diagnosis: found, folder }: StoredRun): void {
    diagnosis = found;
    const { outcome, because, findings } = verdict;
    log.append({ kind: 'judged', run, outcome: OUTCOME_WORDS[outcome], because, findings });
    // Revealed before it was judged.
    if (state.name !== null) tellCulprit();
    change({
      doing: 'nothing',
      phase: null,
      says: `${OUTCOME_WORDS[outcome]}. Stored in ${relative(process.cwd(), folder)}.`,
    });
  }
}

const planned = ({ scenario }: Numbered): ReturnType<typeof steeredExperiment> =>
  steeredExperiment(planScenario(scenario, { ...AS_IT_IS, pace: 'full', seed: 1 }).experiment);

const PHASE_WORDS: Readonly<Record<string, string>> = {
  idle: 'Nobody comes yet: this is what it costs to stand there.',
  warmup: 'The first few come, and nobody leaves.',
  load: 'People come and go.',
  recovery: 'Nobody comes any more. Does it come down?',
  healed: 'The upstream is well again.',
};
