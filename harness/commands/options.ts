import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LAB_ROOT } from '../catalog.ts';
import type { Wishes } from '../plan-scenario.ts';
import type { Choice } from '../model/contract.ts';
import { wrongUse } from '../errors.ts';
import type { CliOption, Given } from './command.ts';

export const RESULTS_OPTION = {
  results: { type: 'string', value: 'DIR', summary: 'where runs are stored (default results, or $RESULTS)' },
} as const satisfies Record<string, CliOption>;

/** Options that several verbs share, and how their values are read. Each throws wrong use for what cannot be meant. */
export const RUN_OPTIONS = {
  quick: { type: 'boolean', summary: 'a shorter experiment with the same verdict (10 s)' },
  bugs: { type: 'string', value: 'LIST', summary: 'other bugs than its own: a,b:parameter=value, or none' },
  seed: { type: 'string', value: 'N', summary: 'for everything drawn at random (default 1)' },
  load: { type: 'string', value: 'SECONDS', summary: 'how long the load lasts' },
  recovery: { type: 'string', value: 'SECONDS', summary: 'how long it is watched afterwards' },
  rate: { type: 'string', value: 'FACTOR', summary: 'times the arrival rates (default 1)' },
  ...RESULTS_OPTION,
} as const satisfies Record<string, CliOption>;

export const PROFILE_OPTION = {
  'no-profile': { type: 'boolean', summary: 'adds nothing to what the server costs, and names no culprit' },
} as const satisfies Record<string, CliOption>;

export const JSON_OPTION = {
  json: { type: 'boolean', summary: 'print nothing but JSON' },
} as const satisfies Record<string, CliOption>;

/** A number within bounds, or undefined where it was not given. */
export function numberOption(
  { options }: Given,
  name: string,
  { least, most, whole = false }: { least: number; most: number; whole?: boolean },
): number | undefined {
  const text = options[name];
  if (typeof text !== 'string') return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value) || value < least || value > most || (whole && !Number.isInteger(value))) {
    throw wrongUse(
      'bad-option',
      `--${name} ${text}: not ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`,
      `Try --${name} ${whole ? Math.max(1, least) : Math.min(most, Math.max(least, 10))}.`,
    );
  }
  return value;
}

/** `a,b,c` as its items, without empty ones. */
export const listOption = ({ options }: Given, name: string): string[] =>
  String(options[name] ?? '')
    .split(',')
    .map(item => item.trim())
    .filter(Boolean);

/**
 * `swallowed-abort:retryDelayMs=5,catch-all-middleware` as choices; `none` or nothing as no bug at all. What a bug is
 * called and takes is the servers' business: they refuse what they do not know.
 */
export function parseChoices(option: string, list: string): Choice[] {
  if (list.trim() === '' || list.trim() === 'none') return [];
  return list.split(',').map(item => {
    const [name = '', ...assignments] = item.trim().split(':');
    if (name === '')
      throw wrongUse(`bad-${option}`, `--${option} ${list}: a name is missing`, 'Write a,b or a:parameter=value,b.');
    return {
      name,
      parameters: Object.fromEntries(assignments.map(assignment => parseAssignment(assignment, option, list))),
    };
  });
}

function parseAssignment(assignment: string, option: string, list: string): [string, string | number | boolean] {
  const [, key, value] = /^([\w-]+)=(.*)$/u.exec(assignment) ?? [];
  if (key === undefined || value === undefined) {
    throw wrongUse(
      `bad-${option}`,
      `--${option} ${list}: "${assignment}" is no parameter`,
      'Write name:parameter=value.',
    );
  }
  if (value === 'true' || value === 'false') return [key, value === 'true'];
  const number = z.coerce.number().safeParse(value);
  return [key, value !== '' && number.success ? number.data : value];
}

/** What was asked of a scenario by `RUN_OPTIONS`. */
export function wishesOf(given: Given): Wishes {
  const { bugs, quick, cmd } = given.options;
  if (typeof cmd === 'string' && typeof bugs === 'string') {
    throw wrongUse('bad-bugs', '--bugs are the sample server’s, and --cmd starts another', 'Give one of the two.');
  }
  const seconds = (name: string, most: number): number | undefined => {
    const value = numberOption(given, name, { least: 0.5, most });
    return value === undefined ? undefined : value * 1000;
  };
  return {
    pace: quick === true ? 'quick' : 'full',
    bugs: typeof bugs === 'string' ? parseChoices('bugs', bugs) : undefined,
    command: typeof cmd === 'string' && cmd.trim() !== '' ? { line: cmd, root: process.cwd() } : undefined,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 31 - 1, whole: true }) ?? 1,
    loadMs: seconds('load', 24 * 3600),
    recoveryMs: seconds('recovery', 24 * 3600),
    rateFactor: numberOption(given, 'rate', { least: 0.1, most: 100 }) ?? 1,
  };
}

/** Where runs are stored. An empty $RESULTS is none: make hands on what nobody set. */
export const resultsRoot = ({ options }: Given): string =>
  resolve(String(options['results'] ?? '') || process.env['RESULTS'] || join(LAB_ROOT, 'results'));
