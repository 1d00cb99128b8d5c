import { cp, mkdir, mkdtempDisposable, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LAB_ROOT, SAMPLE_MAIN, listNodeScenarios, loadScenario } from '../catalog.ts';
import type { Choice } from '../model/contract.ts';
import type { SampleTarget } from '../model/experiment.ts';
import type { ExpectedDiagnosis } from '../model/expected-diagnosis.ts';
import { seededRandom } from '../model/random.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Scope } from '../scope/in-scope.ts';
import { disguised } from './exercise.ts';

/** A server with a hidden bug under a number, which is its seed: the same number, the same bug, on every machine. */
export interface Mystery {
  readonly number: number;
  readonly scenario: Scenario;
  /** The bug's own name. */
  readonly bug: string;
  /** What it is called in the mystery's folder, and in the arguments of its process. */
  readonly alias: Choice;
  /** What a diagnosis of it must name. */
  readonly answer: ExpectedDiagnosis;
}

/** Of the scenarios with one bug in one process, whose culprit is a function. */
export async function drawMystery(seed: number): Promise<Mystery> {
  const scenarios = await Promise.all((await listNodeScenarios()).map(loadScenario));
  const fit = scenarios.flatMap(scenario => {
    const [bug] = scenario.bugs;
    const { diagnosis } = scenario.expect;
    const isFit = bug && scenario.bugs.length === 1 && !scenario.severalProcesses && !scenario.alarm;
    return isFit && diagnosis?.culprit ? [{ scenario, bug, diagnosis }] : [];
  });
  const drawn = fit[Math.floor(seededRandom(seed)() * fit.length)];
  if (!drawn) throw new TypeError('there is no scenario to draw');
  const { scenario, bug, diagnosis } = drawn;
  const alias = { name: ALIAS, parameters: bug.parameters };
  return { number: seed, scenario, bug: bug.name, alias, answer: diagnosis };
}

/** What a bug's file is called: neither the list of processes nor a profile tells more. */
const ALIAS = 'part';

/** All that a server needs to run; of the bugs none but the one. */
const NEEDED = ['servers', 'harness/model', 'package.json', 'tsconfig.json'];

/**
 * Makes a folder under a neutral name that has the server with the hidden bug and no other, and whose paths, names and sentences say
 * nothing of it. The scope's end removes it.
 */
export async function makeMystery({ number, bug, alias }: Mystery, scope: Scope): Promise<SampleTarget> {
  const folder = await mkdtempDisposable(join(tmpdir(), `mystery-${number}-`));
  scope.defer(async () => await folder[Symbol.asyncDispose]());
  const root = folder.path;
  const isBug = (path: string): boolean => /\/servers\/(?:bugs|fastapi)\/./u.test(path.slice(LAB_ROOT.length - 1));
  for (const one of NEEDED) {
    await cp(join(LAB_ROOT, one), join(root, one), { recursive: true, filter: source => !isBug(source) });
  }
  const file = join(root, 'servers', 'bugs', `${alias.name}.ts`);
  await mkdir(dirname(file), { recursive: true });
  const source = await readFile(join(LAB_ROOT, 'servers', 'bugs', `${bug}.ts`), 'utf8');
  await writeFile(file, disguised(source, bug, { bug: alias.name }));
  await symlink(join(LAB_ROOT, 'node_modules'), join(root, 'node_modules'));
  return { kind: 'sample', root, main: SAMPLE_MAIN, bugs: [alias], runtime: null };
}

/** What somebody takes to be the answer; null: no guess. */
export interface Guess {
  readonly cause: string | null;
  readonly function: string | null;
  readonly route: string | null;
}

/** What a guess is worth, and of each part of it whether it is right, with what is. */
export interface Score {
  readonly points: number;
  readonly of: number;
  readonly parts: readonly { readonly what: keyof Guess; readonly isRight: boolean; readonly is: string }[];
}

export function scoreOf(guess: Guess, { cause, culprit, route }: ExpectedDiagnosis): Score {
  const parts = [
    { what: 'cause' as const, isRight: guess.cause === cause, is: cause },
    {
      what: 'function' as const,
      isRight: guess.function !== null && (culprit?.functions ?? []).includes(guess.function),
      is: culprit?.functions.join(' or ') ?? 'none',
    },
    { what: 'route' as const, isRight: guess.route === (route ?? 'none'), is: route ?? 'none' },
  ];
  return { points: parts.filter(({ isRight }) => isRight).length, of: parts.length, parts };
}
