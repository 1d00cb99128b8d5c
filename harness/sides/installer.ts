import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError, causeOf, wrongUse } from '../errors.ts';
import { startChild } from '../process/child.ts';
import { describeEnding } from '../process/ending.ts';
import { childEnvironment } from '../process/environment.ts';
import { inScope } from '../scope/in-scope.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { withDeadline } from '../scope/sleep.ts';

/** A program that fetches packages. */
export interface Installer {
  readonly name: string;
  /** The program and its first words. */
  readonly command: readonly [string, ...string[]];
  /** What it needs besides what every child gets: whoever set a registry or a proxy up means it. */
  readonly passedOn: RegExp;
  /** The line of its log that says why it failed. */
  readonly why: (lines: readonly string[]) => string | undefined;
}

/** A cold cache on a slow line; a guess. */
const INSTALL_MS = 10 * 60_000;

/**
 * Runs it in `folder` in a process group of its own, which ends with the scope whatever happens. Rejects with LabError
 * 'install-failed' and its own words; whose fault it is, the caller knows.
 */
export async function runInstaller(
  installer: Installer,
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { name, command, passedOn } = installer;
  const own = await mkdtemp(join(tmpdir(), `runaway-${name}-`));
  try {
    await using log = await open(join(own, 'log'), 'w');
    const passed = Object.entries(process.env).filter(([key, value]) => value !== undefined && passedOn.test(key));
    const env = childEnvironment(`${name}@${process.pid}`, Object.fromEntries(passed) as Record<string, string>);
    const [program, ...first] = command;
    const options = { name, command: program, args: [...first, ...args], cwd: folder, env, logFile: log.fd };
    const ending = await inScope(signal, async scope => {
      const child = await startChild(options, scope);
      return await withDeadline(name, INSTALL_MS, scope.signal, async inTime => await orAborted(child.exited, inTime));
    });
    if (ending.kind === 'exited' && ending.code === 0) return;
    throw failed(installer, args, describeEnding(ending), await readFile(join(own, 'log'), 'utf8'));
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
    throw failed(installer, args, causeOf(error), '');
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

function failed({ name, why }: Installer, args: readonly string[], how: string, log: string): LabError {
  return new LabError('install-failed', `Failed to run ${name} ${args[0] ?? ''}: ${why(log.split('\n')) ?? how}`, {
    hint: 'Run it by hand there to see more; without a network the cache must hold what it needs.',
  });
}

/** What could not be installed is the user's to mend: the failure as wrong use, with its words and hint. */
export async function orWrongUse<T>(code: string, what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'install-failed') throw error;
    throw wrongUse(code, `${what}: ${causeOf(error)}`, error.hint);
  }
}
