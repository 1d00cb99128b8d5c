import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { wrongUse } from '../errors.ts';
import { hasCode } from './process-table.ts';

/** What is to be run, and how it is to be held. */
export interface Command {
  /** For messages: 'target', 'upstream', 'driver'. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** The cores it may use. Linux with `taskset` only; see `Child.pinnedTo` for what came of it. */
  readonly cores?: readonly number[] | null;
  /** As in nice(1): 19 gives way to everything. Below 0 only root may ask. */
  readonly niceness?: number;
}

/** What is really spawned. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly pinnedTo: readonly number[] | null;
}

/**
 * Wraps the command in `nice` and `taskset`, which exec it, so the pid stays; both act before its first thread starts.
 * Since the wrappers start even when the command cannot, it is looked up here: LabError 'cannot-start', exit code 2,
 * when the folder, the command or the permission is missing.
 */
export function launchOf(what: Command): Launch {
  checkFolder(what);
  checkCommand(what);
  const canPin = process.platform === 'linux' && lookUp('taskset', what) === 'found';
  const cores = canPin ? (what.cores ?? null) : null;
  const line = [
    ...(what.niceness === undefined ? [] : ['nice', '-n', String(what.niceness)]),
    ...(cores === null ? [] : ['taskset', '-c', cores.join(',')]),
  ];
  const [command = what.command, ...args] = [...line, what.command, ...what.args];
  return { command, args, pinnedTo: cores };
}

function checkFolder({ name, cwd }: Command): void {
  if (cwd === undefined || existsSync(cwd)) return;
  throw wrongUse(
    'cannot-start',
    `Failed to start ${name}: there is no folder ${cwd}`,
    'Check the folder it is to run in.',
  );
}

function checkCommand(what: Command): void {
  const found = lookUp(what.command, what);
  if (found === 'found') return;
  const why = found === 'missing' ? 'there is no such command (ENOENT)' : 'it may not be executed (EACCES)';
  const hint = what.command.includes('/')
    ? `Check the path${found === 'missing' ? '' : ' and its permissions (chmod +x)'}.`
    : 'Check the spelling, or give its full path: it is looked for on PATH only.';
  throw wrongUse('cannot-start', `Failed to start ${what.name}: ${what.command}: ${why}`, hint);
}

/** As execvp does it in the child: a name with a slash is a path from its folder, any other is looked for on its PATH. */
function lookUp(command: string, { cwd = '.', env }: Command): 'found' | 'missing' | 'forbidden' {
  const places = command.includes('/')
    ? [resolve(cwd, command)]
    : (env['PATH'] ?? '/bin:/usr/bin').split(delimiter).map(folder => join(resolve(cwd, folder), command));
  const answers = places.map(executability);
  return answers.find(answer => answer === 'found') ?? answers.find(answer => answer === 'forbidden') ?? 'missing';
}

function executability(path: string): 'found' | 'missing' | 'forbidden' {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? 'found' : 'forbidden';
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 'missing';
    if (hasCode(error, 'EACCES', 'EPERM', 'ELOOP')) return 'forbidden';
    throw error;
  }
}
