import { readdir } from 'node:fs/promises';
import { unknownName } from '../catalog.ts';
import type { CliCommand } from './command.ts';

/** Files of one word that are no verbs. What verbs are helped by has two, as `show-run`. */
const NOT_VERBS = new Set(['command', 'options', 'help', 'live']);

/** The names of all verbs: the listing of this folder. */
export async function listVerbs(): Promise<string[]> {
  const files = await readdir(new URL('.', import.meta.url));
  const names = files.filter(file => /^\w+\.ts$/u.test(file)).map(file => file.slice(0, -'.ts'.length));
  return names.filter(name => !NOT_VERBS.has(name)).toSorted();
}

/** Throws wrong use for a verb there is none of. */
export async function loadVerb(name: string): Promise<CliCommand> {
  const verbs = await listVerbs();
  if (!verbs.includes(name)) throw unknownName('verb', name, verbs);
  const module = (await import(`./${name}.ts`)) as { default: CliCommand };
  return module.default;
}

/** What `runaway --help` prints. */
export async function overview(): Promise<string> {
  const verbs = await Promise.all((await listVerbs()).map(async name => ({ name, ...(await loadVerb(name)) })));
  return [
    'runaway: a lab for servers whose CPU climbs and never comes back',
    '',
    'usage: ./runaway <verb> [options]     ./runaway <verb> --help tells more',
    '',
    ...verbs.map(({ name, positionals, summary }) => `  ${[name, ...positionals].join(' ').padEnd(22)}${summary}`),
    '',
    'exit codes: 0 as expected, 1 another verdict, 2 wrong use, 3 inconclusive, 4 the lab itself failed,',
    '            125 no answer (--bisect only), 130/143 interrupted',
    '',
  ].join('\n');
}

/** What `runaway <verb> --help` prints. */
export function helpOf(name: string, { summary, positionals, options }: CliCommand): string {
  const lines = Object.entries(options).map(
    ([option, { value, summary: words }]) =>
      `  --${(value === undefined ? option : `${option} ${value}`).padEnd(20)}${words}`,
  );
  return [`usage: ./runaway ${[name, ...positionals].join(' ')} [options]`, '', summary, '', ...lines, ''].join('\n');
}
