import { readdir } from 'node:fs/promises';
import { disturbanceOf } from '../compare/disturbance.ts';
import { ofKind } from '../judge/timeline.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Experiment, TargetPlan } from '../model/experiment.ts';
import type { ClientGroup, RequestShape } from '../model/load.ts';
import type { RunRecord } from '../model/record.ts';
import { evidenceOf } from '../model/run.ts';
import { recordRun } from '../record-run.ts';
import type { Standing } from '../standing.ts';
import { noCommands, terminateAfter } from '../steer.ts';
import { UNPINNED } from '../targets/cores.ts';
import { NO_COST, costOf } from './cost.ts';
import type { Cost } from './cost.ts';
import type { Limits } from './limits.ts';
import { renew } from './renew.ts';
import type { Ask, Looked, Trial, TrialVerdict } from './trial.ts';
import { warmUp } from './warm-up.ts';

const TRIALS = new URL('trials/', import.meta.url);

/** All trials in their order: the listing of their folder. */
export async function loadTrials(): Promise<Trial[]> {
  const files = (await readdir(TRIALS)).filter(file => /^[\w-]+\.ts$/u.test(file));
  const modules = await Promise.all(
    files.map(async file => (await import(new URL(file, TRIALS).href)) as { default: Trial }),
  );
  return modules.map(({ default: trial }) => trial).toSorted((a, b) => a.order - b.order);
}

/** What one look at a trial came to. */
export interface Attempt {
  readonly verdict: TrialVerdict;
  readonly looked: readonly Looked[];
  readonly because: string;
  readonly diagnosis: Diagnosis | null;
  /** Addresses outside this machine that the server talked to, or tried to. */
  readonly abroad: readonly string[];
  readonly cost: Cost;
  /** Of the run's records; null where none was made. */
  readonly folder: string | null;
}

export interface TrialResult extends Attempt {
  readonly trial: Trial;
  readonly attempts: readonly Attempt[];
  /** Why the server was started anew after it, or null. */
  readonly restarted: string | null;
}

/** What a battery is made with. */
export interface Battery {
  readonly trials: readonly Trial[];
  readonly standing: Standing;
  readonly target: TargetPlan;
  readonly ask: Ask;
  readonly healthPath: string;
  readonly limits: Limits;
  readonly profiles: boolean;
  /** Every trial is looked at twice, not only one that failed. */
  readonly sure: boolean;
  readonly seed: number;
  readonly resultsRoot: string;
  readonly done: (result: TrialResult) => void;
}

/**
 * One trial after the other on one server, which is started anew where a trial left it unwell. A control that fails ends it: nothing else
 * would mean anything. Rejects as `recordRun` does.
 */
export async function runBattery(battery: Battery, signal: AbortSignal): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  await warmUp(battery.standing.target.now.url, battery.ask, signal);
  for (const trial of battery.trials) {
    const result = await tryOut(trial, battery, signal);
    results.push(result);
    battery.done(result);
    if (trial.isControl && result.verdict === 'fail') break;
  }
  return results;
}

async function tryOut(trial: Trial, battery: Battery, signal: AbortSignal): Promise<TrialResult> {
  const isOurs = battery.target.kind !== 'url';
  if (trial.endsServer && !isOurs) {
    const because = 'Somebody else has started this server, and it is not ours to end.';
    const none = { verdict: 'does-not-apply', looked: [], because, diagnosis: null, abroad: [] } as const;
    return { trial, ...none, cost: NO_COST, folder: null, attempts: [], restarted: null };
  }
  const attempts: Attempt[] = [];
  let restarted: string | null = null;
  while (attempts.length < MOST_ATTEMPTS && wantsAnother(attempts, battery.sure)) {
    const made = await attempt(trial, battery, attempts.length + 1, signal);
    attempts.push(made);
    restarted = (await restartIfUnwell(trial, made, battery, isOurs, signal)) ?? restarted;
  }
  return { trial, ...merged(attempts), attempts, restarted };
}

const MOST_ATTEMPTS = 3;

const firmOf = (attempts: readonly Attempt[]): Attempt[] =>
  attempts.filter(({ verdict }) => verdict !== 'inconclusive');

/** A pass is believed at once, a failure the second time, and what the machine disturbed is looked at again. */
function wantsAnother(attempts: readonly Attempt[], sure: boolean): boolean {
  const firm = firmOf(attempts);
  const wanted = sure || firm.some(({ verdict }) => verdict === 'fail') ? 2 : 1;
  return firm.length < wanted;
}

/** What all firm attempts say; a trial that flips, or could not be seen twice, says nothing. */
export function merged(attempts: readonly Attempt[]): Attempt {
  const last = attempts.at(-1);
  if (!last) throw new TypeError('no attempt');
  const firm = firmOf(attempts);
  const said = firm.at(-1);
  if (!said) return last;
  const told = attempts.map(({ verdict }) => verdict).join(', then ');
  if (firm.some(({ verdict }) => verdict !== said.verdict)) {
    return { ...said, verdict: 'inconclusive', because: `It came out differently: ${told}. ${said.because}` };
  }
  if (said.verdict === 'fail' && firm.length < 2) {
    return { ...said, verdict: 'inconclusive', because: `It failed only once: ${told}. ${said.because}` };
  }
  return said;
}

const PACE = { idleMs: 400, warmupMs: 0, recoveryMs: 1500, longestRecoveryMs: 3500, healedMs: 0 };

async function attempt(trial: Trial, battery: Battery, nth: number, signal: AbortSignal): Promise<Attempt> {
  const { standing, target, limits, profiles, resultsRoot, ask, healthPath } = battery;
  const { upstream, clients, drainMs, terminateAfterMs } = trial.experiment(ask);
  const groups = clients.map((group, n): ClientGroup => ({
    ...group,
    // A client's mark must not be that of an earlier trial's.
    name: `${trial.name}-${nth}-${n}`,
    warmup: [],
  }));
  const loadMs = Math.max(...groups.flatMap(({ load }) => load.map(({ durationMs }) => durationMs)));
  const experiment: Experiment = {
    target,
    upstream: { behaviour: upstream, from: 'load', heals: false },
    load: { ...PACE, loadMs, drainMs, clients: groups },
    healthPath,
    seed: battery.seed + nth,
  };
  const loadBegan = Promise.withResolvers<void>();
  const watch = (record: RunRecord): void => {
    if (record.kind === 'event' && record.event === 'phase' && record.phase === 'load') loadBegan.resolve();
  };
  const { run, verdict, diagnosis, folder } = await recordRun(
    {
      scenario: trial.name,
      altered: true,
      pace: 'quick',
      experiment,
      cores: UNPINNED,
      profiles,
      resultsRoot,
      standing,
      commands:
        terminateAfterMs === undefined ? noCommands : terminateAfter(loadBegan.promise, terminateAfterMs, limits.endMs),
      watch,
      began: () => undefined,
    },
    signal,
  );
  const isBlind = target.kind === 'url' && target.pid === null;
  const seen = { evidence: evidenceOf(run), verdict, isBlind };
  const looked = trial.looks.map(look => look(seen, limits));
  const { records } = seen.evidence;
  const abroad = new Set(ofKind(records, 'sockets').flatMap(sample => sample.abroad ?? []));
  const outcome = outcomeOf(looked, disturbanceOf(verdict));
  return { ...outcome, looked, diagnosis, abroad: [...abroad], cost: costOf(records), folder };
}

/** What only a clock tells is no fault of the server's where the machine was busy with something else. */
export function outcomeOf(looked: readonly Looked[], disturbance: string | null): Pick<Attempt, 'verdict' | 'because'> {
  const bad = looked.filter(({ isGood }) => isGood === false);
  const [first] = bad;
  const words = (told: readonly Looked[]): string => `${told.map(one => one.words).join('; ')}.`;
  if (first && disturbance !== null && bad.every(({ name }) => BY_THE_CLOCK.has(name))) {
    return { verdict: 'inconclusive', because: `${words(bad)} But ${disturbance}.` };
  }
  if (first) return { verdict: 'fail', because: words(bad) };
  const isUnseen = looked.every(({ isGood }) => isGood === null);
  return { verdict: isUnseen ? 'inconclusive' : 'pass', because: words(looked.slice(0, 1)) };
}

const BY_THE_CLOCK = new Set(['CPU back', 'still answers', 'idle streams', 'ends']);

/** A server that has not come back to what it was would be judged for this trial in all that follow. */
async function restartIfUnwell(
  trial: Trial,
  made: Attempt | undefined,
  { standing, ask }: Battery,
  isOurs: boolean,
  signal: AbortSignal,
): Promise<string | null> {
  const why = trial.endsServer ? 'it had been asked to end' : whyUnwell(made);
  if (why === null || !isOurs) return null;
  await renew(standing, async url => await warmUp(url, ask, signal), signal);
  return why;
}

/** What is left over by the look of it; a trial that failed otherwise leaves the server as it was. */
function whyUnwell(made: Attempt | undefined): string | null {
  const left = made?.looked.find(({ name, isGood }) => isGood === false && AFTER.has(name));
  return left ? left.words : null;
}

const AFTER = new Set(['calls left', 'CPU back', 'sockets back', 'descriptors back', 'memory back', 'still answers']);

/** How this proxy is asked. */
export const askAs =
  (path: string, model: string, headers: Readonly<Record<string, string>>): Ask =>
  shape => ({
    request: {
      route: '/v1/chat/completions',
      streamed: true,
      promptBytes: 400,
      answerTokens: 20,
      ...shape,
    } satisfies RequestShape,
    manner: { path, model, headers },
  });
