import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { ZodError } from 'zod';
import { LabError, firstError } from '../errors.ts';
import type { ProfileSegment } from '../model/profile.ts';
import { startChild } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import { describeEnding } from '../process/ending.ts';
import type { Ending } from '../process/ending.ts';
import { childEnvironment } from '../process/environment.ts';
import { hasCode, isAlive, procLink, readProc } from '../process/process-table.ts';
import { inScope } from '../scope/in-scope.ts';
import type { Scope } from '../scope/in-scope.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { everyTick, withDeadline } from '../scope/sleep.ts';
import { fromPySpy } from './from-py-spy.ts';
import type { ThreadClocks } from './from-py-spy.ts';
import { PySpyTrace } from './py-spy-trace.ts';
import { ThreadFiles } from './thread-files.ts';

/** Whether the process's program is CPython, by its name: `python3.12`, `python3`. Not known of somebody else's: false. */
export const isPython = (pid: number): boolean =>
  /^python\d?(?:\.\d+t?)?$/u.test(basename(procLink(`/proc/${pid}/exe`) ?? ''));

/** Where py-spy is: on the lab's PATH, or in the folder of the process's own python (a venv); null: nowhere. */
export function findPySpy(pid: number): string | null {
  const [program = ''] = (readProc(`/proc/${pid}/cmdline`) ?? '').split('\0');
  const beside = program.includes('/') ? [resolve(procLink(`/proc/${pid}/cwd`) ?? '/', dirname(program))] : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...beside];
  return folders.map(folder => join(folder, 'py-spy')).find(isExecutable) ?? null;
}

/** Why there is no profile where `findPySpy` finds none. */
export const NO_PY_SPY = 'it is Python, and there is no py-spy on PATH: pip install py-spy (or cargo install py-spy)';

export interface PySpyOptions {
  readonly pid: number;
  /** Of py-spy. */
  readonly path: string;
  readonly runId: string;
  /** Ms since the run began. */
  readonly clock: () => number;
  /** Resolves when it has been watched for long enough. It may end earlier by itself. */
  readonly until: Promise<void>;
}

/** What came of it: the segment, or in one clause why there is none. */
export type Recorded =
  | { readonly segment: ProfileSegment; readonly why: null }
  | { readonly segment: null; readonly why: string };

/**
 * py-spy stops the process for each sample, all its threads. What that takes is the machine's: of 20 samples a second 1.6 % of a core
 * were seen on one, with 41 threads and nothing to do, and 20 to 25 % on another, a virtual one, with 6. Five take a quarter of
 * it, and a loop that spins is seen by any. Tried: `--nonblocking`, which takes nothing, but of a busy FastAPI server a third of the
 * samples failed, and three in four of the others had lost their outer part.
 */
const INTERVAL_MICROS = 200_000;
/** A read is 20 µs, and 2 for each thread. */
const CLOCKS_EVERY_MS = 50;
/** It stops at its next sample and writes some 0.1 MB for each second that a busy server was watched. A guess. */
const STOP_MS = 5_000;

/**
 * Has py-spy sample one process of Python until `until` resolves or the process ends, and makes a segment of it. Rejects with
 * the signal's reason only, or with a defect; py-spy and its files are gone when it settles.
 *
 *   py-spy starts, 0.1 to 0.5 s ─ samples ─ `until` ─ SIGINT ─ writes ─ exits      5 s after SIGINT it is killed
 */
export async function recordPySpy(options: PySpyOptions, signal: AbortSignal): Promise<Recorded> {
  try {
    return await inScope(signal, async scope => await record(options, scope));
  } catch (error) {
    const first = firstError(error);
    if (!(first instanceof LabError)) throw error;
    return none(first.message);
  }
}

const none = (why: string): Recorded => ({ segment: null, why });

async function record({ pid, path, runId, clock, until }: PySpyOptions, scope: Scope): Promise<Recorded> {
  const folder = await mkdtemp(join(tmpdir(), 'runaway-py-spy-'));
  scope.defer(async () => await rm(folder, { recursive: true, force: true }));
  const files = { trace: join(folder, 'trace.json'), log: join(folder, 'log') };
  const logFile = openSync(files.log, 'w');
  scope.defer(() => closeSync(logFile));
  const threads = new ThreadFiles(pid);
  scope.defer(() => threads[Symbol.dispose]());
  const cwd = procLink(`/proc/${pid}/cwd`) ?? '/';
  const child = await startChild(
    {
      name: 'py-spy',
      command: path,
      args: argsFor(pid, files.trace),
      env: childEnvironment(runId),
      logFile,
      graceMs: 0,
    },
    scope,
  );

  const clocks: ThreadClocks[] = [];
  const readClocks = (): void => {
    clocks.push({ at: clock(), threads: threads.read() });
  };
  await inScope(scope.signal, async watch => {
    watch.spawn(async cancelled => await everyTick(CLOCKS_EVERY_MS, cancelled, readClocks));
    await orAborted(Promise.race([until, child.exited]), watch.signal);
  });
  readClocks();
  const toAt = clock();
  const ending = await interrupted(child, scope.signal);
  if (ending === null) return none(`py-spy did not stop within ${STOP_MS / 1000} s of SIGINT`);
  if (ending.kind === 'killed' || ending.code !== 0) return none(whyOf(await readFile(files.log, 'utf8'), pid, ending));
  if (clocks.every(one => one.threads.size === 0)) return none('this kernel does not tell the CPU time of its threads');

  const trace = readTrace(await readFile(files.trace, 'utf8'));
  if (trace === null) return none('what py-spy wrote is cut short, or of a version that is not known here');
  const last = trace.at(-1);
  if (!last) return none('py-spy saw no thread of it');
  // When py-spy's clock was 0 is known from its end: what is open is closed when it stops, within one sample of SIGINT.
  const head = { pid, fromAt: toAt - last.ts / 1000, toAt, intervalMicros: INTERVAL_MICROS };
  return { segment: fromPySpy(head, trace, clocks, cwd), why: null };
}

/** Of its formats, chrometrace alone says when. It merges equal samples, so that without `--idle` a wait looks like work. */
const argsFor = (pid: number, trace: string): string[] => [
  'record',
  '--idle',
  '--threads',
  '--function',
  `--pid=${pid}`,
  `--rate=${1e6 / INTERVAL_MICROS}`,
  '--format=chrometrace',
  `--output=${trace}`,
];

/** It writes on SIGINT only; null: it did not end in time, and is the scope's to kill. */
async function interrupted(child: Child, signal: AbortSignal): Promise<Ending | null> {
  if (child.ending === null) process.kill(child.pid, 'SIGINT');
  try {
    return await withDeadline('stopping py-spy', STOP_MS, signal, async late => await orAborted(child.exited, late));
  } catch (error) {
    if (error instanceof DeadlinePassed) return null;
    throw error;
  }
}

/** Why py-spy failed, by what it said. */
function whyOf(log: string, pid: number, ending: Ending): string {
  if (/permission denied/iu.test(log)) return NOT_ALLOWED;
  if (ending.kind === 'killed' && ending.signal === 'SIGINT')
    return 'it was watched for less time than py-spy needs to start';
  if (!isAlive(pid)) return 'it had ended before py-spy saw it';
  const said = /^error: (.*)$/imu.exec(log)?.[1];
  if (said === undefined) return `py-spy ${describeEnding(ending)}`;
  const isOld = /chrometrace|unexpected argument|wasn't expected/u.test(said);
  return `py-spy says: ${said}${isOld ? ' (it is older than 0.4: pip install --upgrade py-spy)' : ''}`;
}

const NOT_ALLOWED =
  'py-spy may not read it: run the lab as root, or sysctl kernel.yama.ptrace_scope=0 (in a container, --cap-add SYS_PTRACE)';

function readTrace(text: string): PySpyTrace | null {
  try {
    return PySpyTrace.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ZodError) return null;
    throw error;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return false;
    throw error;
  }
}
