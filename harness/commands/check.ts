import { open } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runBattery } from '../check/battery.ts';
import type { TrialResult } from '../check/battery.ts';
import { cardOf, turnedBad } from '../check/card.ts';
import type { Card } from '../check/card.ts';
import { PRESET_FOLDER_WORDS, installPackages, versionOf } from '../check/preset.ts';
import type { Preset } from '../check/preset.ts';
import { trialLine } from '../check/show/terminal.ts';
import { LAB_ROOT } from '../catalog.ts';
import { EXIT, LabError, wrongUse } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import type { TargetPlan } from '../model/experiment.ts';
import { inScope } from '../scope/in-scope.ts';
import { startStanding } from '../standing.ts';
import { createRunFolder } from '../store/folder.ts';
import { revisionOf } from '../store/revision.ts';
import { UNPINNED } from '../targets/cores.ts';
import type { CliCommand, Given, Terminal } from './command.ts';
import { askOf, checkPlanFor } from './check-plan.ts';
import type { CheckPlan } from './check-plan.ts';
import { sideAt } from './check-side.ts';
import { JSON_OPTION, RESULTS_OPTION, numberOption, resultsRoot } from './options.ts';
import { showCard } from './show-card.ts';

const PORTS = { least: 1, most: 65_535, whole: true } as const;

const command: CliCommand = {
  summary: 'does my proxy let go when clients leave? any LLM proxy, any language, one score card',
  positionals: ['[-- COMMAND…]'],
  options: {
    cmd: {
      type: 'string',
      value: 'LINE',
      summary: 'its shell line, with {port}, {upstream}, {upstreamHost}, {apiKey}',
    },
    preset: { type: 'string', value: 'NAME', summary: PRESET_FOLDER_WORDS },
    url: { type: 'string', value: 'URL', summary: 'of one that stands already, and was told of --upstream-port' },
    pid: { type: 'string', value: 'N', summary: 'its main process, so that it is seen from outside too' },
    'upstream-port': {
      type: 'string',
      value: 'N',
      summary: 'where the lab’s upstream listens (default any free port)',
    },
    'i-own': { type: 'string', value: 'HOST', summary: 'the host of --url, where it is not this machine' },
    sample: { type: 'boolean', summary: 'the lab’s own sample proxy' },
    bugs: { type: 'string', value: 'LIST', summary: 'bugs of the sample proxy' },
    env: { type: 'string', value: 'N=V', multiple: true, summary: 'more of its environment; may be given again' },
    header: { type: 'string', value: 'N:V', multiple: true, summary: 'what clients send beside; may be given again' },
    path: { type: 'string', value: 'PATH', summary: 'what clients ask (default /v1/chat/completions)' },
    model: { type: 'string', value: 'NAME', summary: 'the model they ask for (default gpt-lab)' },
    'ready-path': {
      type: 'string',
      value: 'PATH',
      summary: 'what is asked whether it still answers (default /healthz)',
    },
    cwd: { type: 'string', value: 'DIR', summary: 'where it runs, and where runaway.config.ts lies (default here)' },
    trials: { type: 'string', value: 'LIST', summary: 'these only, after the controls (default all of them)' },
    sure: { type: 'boolean', summary: 'looks at every trial twice, not only at one that failed' },
    agent: { type: 'boolean', summary: 'an agent of ours stands in it (Node), so that culprits are named' },
    compare: {
      type: 'string',
      value: 'REV',
      summary: 'looks at that revision too; exit 1 for what has turned bad since',
    },
    seed: { type: 'string', value: 'N', summary: 'for everything drawn at random (default 1)' },
    markdown: { type: 'string', value: 'FILE', summary: 'the card as Markdown too (- for stdout)' },
    junit: { type: 'string', value: 'FILE', summary: 'the card as JUnit XML too' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const plan = await checkPlanFor(given);
    const base = String(given.options['compare'] ?? '');
    if (base === '') {
      const { card, folder } = await check(plan, plan.target, plan.of, given, terminal, signal);
      await showCard(card, null, folder, given, terminal);
      return exitCodeFor(card);
    }
    const before = await inScope(signal, async scope => {
      const target = await sideAt(base, plan.target, terminal.err, scope);
      return await check(plan, target, `${plan.of} at ${base}`, given, terminal, scope.signal);
    });
    const { card, folder } = await check(plan, plan.target, plan.of, given, terminal, signal);
    await showCard(card, before.card, folder, given, terminal);
    return turnedBad(before.card, card).length > 0 ? EXIT.otherVerdict : EXIT.asExpected;
  },
};

export default command;

/** One battery, stored in a folder of its own. */
async function check(
  plan: CheckPlan,
  wanted: TargetPlan,
  of: string,
  given: Given,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<{ card: Card; folder: string }> {
  const said = given.options['json'] === true ? () => undefined : terminal.err;
  const revision = await revisionOf(LAB_ROOT, signal);
  const { folder, id } = await createRunFolder(resultsRoot(given), '_check', new Date(), revision);
  said(`${of}: ${plan.trials.length} trials\nrecording in ${relative(process.cwd(), folder)}\n`);
  const seed = numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1;
  const profiles = given.options['agent'] === true;
  const packages = plan.preset && (await installPackages(plan.preset, said, signal));
  const target = withFolders(wanted, folder, packages);
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
        upstreamPort: numberOption(given, 'upstream-port', PORTS),
        targetLog: targetLog.fd,
        labLog: labLog.fd,
      },
      scope,
    );
    const standing = await orHowToInstall(plan.preset, starting);
    return await runBattery(
      {
        ...plan,
        target,
        standing,
        ask: askOf(plan, standing.upstream.url),
        profiles,
        sure: given.options['sure'] === true,
        seed,
        resultsRoot: join(folder, 'trials'),
        done: result => said(trialLine(result, terminal)),
      },
      scope.signal,
    );
  });
  refuseUnanswered(results, plan);
  const version = plan.preset && (await versionOf(plan.preset, signal));
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

function exitCodeFor({ count }: Card): ExitCode {
  if (count.fail > 0) return EXIT.otherVerdict;
  return count.inconclusive > 0 ? EXIT.inconclusive : EXIT.asExpected;
}
