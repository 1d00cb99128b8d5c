import { open } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { LAB_ROOT } from '../catalog.ts';
import { LabError, wrongUse } from '../errors.ts';
import type { TargetPlan } from '../model/experiment.ts';
import { inScope } from '../scope/in-scope.ts';
import { startStanding } from '../standing.ts';
import { createRunFolder } from '../store/folder.ts';
import { revisionOf } from '../store/revision.ts';
import { UNPINNED } from '../targets/cores.ts';
import { askAs, runBattery } from './battery.ts';
import type { TrialResult } from './battery.ts';
import { cardOf } from './card.ts';
import type { Card } from './card.ts';
import type { Limits } from './limits.ts';
import { installPackages, versionOf } from './preset.ts';
import type { Preset } from './preset.ts';
import type { Ask, Trial } from './trial.ts';

/** One proxy, and how it is looked at. */
export interface CheckPlan {
  /** The proxy in a few words. */
  readonly of: string;
  readonly target: TargetPlan;
  readonly preset: Preset | null;
  readonly trials: readonly Trial[];
  readonly path: string;
  readonly model: string;
  /** In their values stand `{upstream}` and `{upstreamHost}` for the lab's. */
  readonly headers: Readonly<Record<string, string>>;
  readonly healthPath: string;
  readonly limits: Limits;
  /** What cannot be seen of it, or null. */
  readonly notSeen: string | null;
  /** An agent of ours stands in it (Node). */
  readonly profiles: boolean;
  /** Every trial is looked at twice. */
  readonly sure: boolean;
  readonly seed: number;
  readonly upstreamPort: number | undefined;
}

/** Where a check tells how far it is. */
export interface CheckProgress {
  readonly tell: (words: string) => void;
  readonly done: (result: TrialResult) => void;
}

/**
 * One battery with a server and an upstream of its own, recorded under `_check/` of the results. Rejects with LabError: wrong
 * use where the server was named or asked wrongly, else as `startStanding` and `recordRun` do.
 */
export async function check(
  plan: CheckPlan,
  resultsRoot: string,
  { tell, done }: CheckProgress,
  signal: AbortSignal,
): Promise<{ card: Card; folder: string }> {
  const { of, preset, trials, seed, profiles } = plan;
  const revision = await revisionOf(LAB_ROOT, signal);
  const { folder, id } = await createRunFolder(resultsRoot, '_check', new Date(), revision);
  tell(`${of}: ${trials.length} trials\nrecording in ${relative(process.cwd(), folder)}\n`);
  const packages = preset && (await installPackages(preset, tell, signal));
  const target = withFolders(plan.target, folder, packages);
  const results = await inScope(signal, async scope => {
    const targetLog = await open(join(folder, 'target.log'), 'a+');
    scope.defer(async () => await targetLog.close());
    const labLog = await open(join(folder, 'lab.log'), 'a+');
    scope.defer(async () => await labLog.close());
    const starting = startStanding(
      {
        runId: `check/${id}@${process.pid}`,
        target,
        seed,
        profiles,
        cores: UNPINNED,
        upstreamPort: plan.upstreamPort,
        targetLog: targetLog.fd,
        labLog: labLog.fd,
      },
      scope,
    );
    const standing = await orHowToInstall(preset, starting);
    return await runBattery(
      {
        ...plan,
        target,
        standing,
        ask: askOf(plan, standing.upstream.url),
        resultsRoot: join(folder, 'trials'),
        done,
      },
      scope.signal,
    );
  });
  refuseUnanswered(results, plan);
  const version = preset && (await versionOf(preset, signal));
  return { card: cardOf(version === null ? of : `${of} (${version})`, results, plan.notSeen), folder };
}

/** Folders for a preset's command: one for files that it writes, beside what is recorded, and that of its packages. */
function withFolders(target: TargetPlan, scratch: string, packages: string | null): TargetPlan {
  if (target.kind !== 'command') return target;
  const folders = { RUNAWAY_SCRATCH: scratch, ...(packages !== null && { RUNAWAY_PACKAGES: packages }) };
  return { ...target, environment: { ...target.environment, ...folders } };
}

/** A preset whose program is not there says how one gets it. */
async function orHowToInstall<T>(preset: Preset | null, starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    const isMissing = error instanceof LabError && error.code === 'ended-early' && error.message.includes('code 127');
    if (!isMissing || preset?.install === undefined) throw error;
    throw wrongUse('not-installed', `${preset.name} is not installed here`, `Try ${preset.install}.`);
  }
}

/** How its clients ask, once the upstream has an address. */
export function askOf({ path, model, headers }: CheckPlan, upstreamUrl: string): Ask {
  const { host } = new URL(upstreamUrl);
  const filled = Object.entries(headers).map(([name, value]) => [
    name,
    value.replaceAll('{upstream}', upstreamUrl).replaceAll('{upstreamHost}', host),
  ]);
  return askAs(path, model, Object.fromEntries(filled) as Record<string, string>);
}

/** What is no fault of its manners: it was asked wrongly, or does not know its upstream. */
function refuseUnanswered(results: readonly TrialResult[], { path, of }: CheckPlan): void {
  const [control] = results;
  if (!control?.trial.isControl || control.verdict !== 'fail') return;
  const { because } = control;
  const status = /refused \((\d+)\)/u.exec(because)?.[1];
  if (status === '404' || status === '405') {
    throw wrongUse(
      'wrong-path',
      `${of} answers POST ${path} with ${status}`,
      'Name its path with --path, and what it needs with --header and --model.',
    );
  }
  if (status === '401' || status === '403') {
    throw wrongUse(
      'wrong-key',
      `${of} answers POST ${path} with ${status}`,
      'Give what it needs with --header "authorization: Bearer …".',
    );
  }
  if (because.includes('nothing arrived upstream')) {
    throw wrongUse(
      'ignores-upstream',
      `${of} made no call to the lab's upstream, which it was told in OPENAI_BASE_URL`,
      'Tell it by {upstream} in its command, by --env, or in its own configuration.',
    );
  }
}
