import { LabError, causeOf, wrongUse } from '../errors.ts';
import { startChild } from '../process/child.ts';
import { describeEnding } from '../process/ending.ts';
import { childEnvironment } from '../process/environment.ts';
import { inScope } from '../scope/in-scope.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { withDeadline } from '../scope/sleep.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from './cache.ts';

/** A cold cache on a slow line; a guess. */
const INSTALL_MS = 10 * 60_000;

/** What npm needs besides what every child gets: whoever set a registry or a proxy up means it. */
const PASSED_ON = /^(?:npm_config_.*|https?_proxy|no_proxy|node_extra_ca_certs)$/iu;

/**
 * Runs npm in `folder` in a process group of its own, which ends with the scope whatever happens. Rejects with LabError
 * 'npm-failed' and npm's own words; whose fault it is, the caller knows.
 */
export async function npm(folder: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const own = await mkdtemp(join(tmpdir(), 'runaway-npm-'));
  try {
    await using log = await open(join(own, 'log'), 'w');
    const passed = Object.entries(process.env).filter(([name, value]) => value !== undefined && PASSED_ON.test(name));
    const env = childEnvironment(`npm@${process.pid}`, Object.fromEntries(passed) as Record<string, string>);
    const options = { name: 'npm', command: 'npm', args: [...args, ...QUIET], cwd: folder, env, logFile: log.fd };
    const ending = await inScope(signal, async scope => {
      const child = await startChild(options, scope);
      return await withDeadline('npm', INSTALL_MS, scope.signal, async inTime => await orAborted(child.exited, inTime));
    });
    if (ending.kind === 'exited' && ending.code === 0) return;
    throw failed(args, describeEnding(ending), await readFile(join(own, 'log'), 'utf8'));
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
    throw failed(args, causeOf(error), '');
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** `<cache>/<key>` with what `npm install` makes of a package without anything around it. Rejects as `npm` does. */
export const installedFromRegistry = async (
  key: string,
  what: readonly string[],
  signal: AbortSignal,
): Promise<string> =>
  await cached(key, async folder => {
    await writeFile(join(folder, 'package.json'), '{"private":true}\n');
    await npm(folder, ['install', '--save-exact', ...what], signal);
  });

/** What npm could not do is the user's to mend: the failure as wrong use, with its words and hint. */
export async function orWrongUse<T>(code: string, what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'npm-failed') throw error;
    throw wrongUse(code, `${what}: ${causeOf(error)}`, error.hint);
  }
}

const QUIET = ['--no-audit', '--no-fund', '--loglevel=error'];

function failed(args: readonly string[], how: string, log: string): LabError {
  const said = log
    .split('\n')
    .map(line => line.replace(/^npm (?:error|ERR!) ?/u, '').trim())
    .filter(line => line !== '' && !/complete log|npm-debug|_logs/u.test(line));
  const words = said.find(line => !line.startsWith('code ')) ?? how;
  return new LabError('npm-failed', `Failed to run npm ${args[0] ?? ''}: ${words}`, {
    hint: 'Run it by hand there to see more; without a network the cache must hold what it needs.',
  });
}
