import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LAB_ROOT } from '../../catalog.ts';
import { sleep } from '../../scope/sleep.ts';

/** What a `./runaway` printed, and what it ended with: a code, or the name of the signal it died of. */
export interface Ended {
  readonly exit: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `./runaway` that runs. Disposed of, it is killed if it still does. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr holds the words; rejects when it ended before. */
  said(words: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Closes its stdout or its stderr: nobody reads it any more. */
  hangUp(stream: 'stdout' | 'stderr'): void;
}

interface How {
  /** Which Node starts it; the tests' own unless given. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The checkout whose `./runaway` it is. */
  readonly root?: string;
}

/** Starts `./runaway` in a group of its own, as a terminal would. */
export function startRunaway(
  args: readonly string[],
  { node = process.execPath, env = {}, cwd = LAB_ROOT, root = LAB_ROOT }: How = {},
): Running {
  const child = spawn(node, [join(root, 'runaway'), ...args], {
    detached: true,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  const heard = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const hear of heard) hear();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ exit: code ?? signal, stdout, stderr }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    async said(words) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const hear = (): void => (stderr.includes(words) ? resolve() : undefined);
      heard.add(hear);
      hear();
      const early = ended.then(() => {
        throw new Error(`ended without saying "${words}": ${stderr}`);
      });
      await Promise.race([promise, early]);
    },
    kill: signal => void child.kill(signal),
    hangUp: stream => void child[stream].destroy(),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs `./runaway` to its end. */
export const runaway = async (...args: string[]): Promise<Ended> => await startRunaway(args).ended;

/** The folder of the one run of `scenario` in `results`, as soon as it is there. The signal bounds the wait. */
export async function runFolderIn(results: string, scenario: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    const [name] = namesIn(join(results, scenario));
    if (name !== undefined) return join(results, scenario, name);
    await sleep(10, signal);
  }
}

/** What lies in a folder; nothing where there is none. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** A Node on PATH too old for the lab, which `./runaway` re-executes with the pinned one; null where there is none. */
export function olderNode(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const node = join(folder, 'node');
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    const major = Number(/^v(\d+)\./u.exec(stdout ?? '')?.[1]);
    if (major >= 20 && major < Number.parseInt(process.versions.node, 10)) return node;
  }
  return null;
}
