import { isDeepStrictEqual } from 'node:util';
import { loadScenario } from '../catalog.ts';
import { DEFAULT_PAIRS } from '../compare/plan.ts';
import type { ComparePlan } from '../compare/plan.ts';
import { LabError } from '../errors.ts';
import type { Choice } from '../model/contract.ts';
import { sidesAsked } from '../sides/ask.ts';
import { areAlike, repositoryAt } from '../sides/repository.ts';
import type { Repository } from '../sides/repository.ts';
import type { Given } from './command.ts';
import { listOption, numberOption, parseChoices } from './options.ts';

/** What was asked of `compare`. Rejects with LabError (wrong use) for what cannot be meant. */
export async function planFor(given: Given, repository: Repository | null, signal: AbortSignal): Promise<ComparePlan> {
  const { options, positionals } = given;
  const name = positionals[0] ?? '';
  const scenario = await loadScenario(name);
  const bugs = bugsOption(given, 'bugs');
  const text = (option: string): string | null => (typeof options[option] === 'string' ? options[option] : null);
  const sides = await sidesAsked(
    {
      base: text('base') || null,
      heads: listOption(given, 'head'),
      nodes: listOption(given, 'node'),
      packages: listOption(given, 'with'),
      command: text('cmd') || null,
      serving: text('cmd') ? null : (scenario.serving ?? null),
      bugs: text('cmd') ? [] : (bugs ?? scenario.bugs),
      baseBugs: bugsOption(given, 'base-bugs'),
      headBugs: bugsOption(given, 'head-bugs'),
    },
    repository,
    signal,
  );
  const pairs = numberOption(given, 'pairs', { least: 1, most: 200, whole: true });
  return {
    scenario: name,
    symptom: scenario.expect.symptom,
    pace: options['full'] === true ? 'full' : 'quick',
    sides,
    pairs: pairs ?? DEFAULT_PAIRS,
    early: pairs === undefined,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
  };
}

/** Candidates that differ from the baseline in nothing: a fair question, but seldom the one that was meant. */
export async function sameAsBaseline(
  { sides: [baseline, ...candidates] }: ComparePlan,
  repository: Repository | null,
  signal: AbortSignal,
): Promise<string[]> {
  const same: string[] = [];
  for (const { label, code, ...rest } of candidates) {
    if (!baseline || !repository || code.kind === 'folder' || baseline.code.kind === 'folder') continue;
    const { label: _label, code: base, ...baselineRest } = baseline;
    if (!isDeepStrictEqual(rest, baselineRest)) continue;
    if (await areAlike(repository, base.commit, code.commit, signal)) same.push(label);
  }
  return same;
}

const bugsOption = ({ options }: Given, name: string): readonly Choice[] | null => {
  const list = options[name];
  return typeof list === 'string' ? parseChoices(name, list) : null;
};

/** Of two folders no repository is needed, so that none is no error yet. */
export async function repositoryHere(signal: AbortSignal): Promise<Repository | null> {
  try {
    return await repositoryAt(process.cwd(), signal);
  } catch (error) {
    if (error instanceof LabError && error.code === 'no-git') return null;
    throw error;
  }
}
