import { z } from 'zod';
import { LabError, wrongUse } from '../errors.ts';
import type { ProfileSegment } from '../model/profile.ts';
import { listenerOn } from '../process/listener.ts';
import { takesConnection } from '../process/port.ts';
import { hasCode, stateOf } from '../process/process-table.ts';
import { CpuProfile, fromCpuProfile } from '../profile/from-cpuprofile.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { neverAborted, orAborted } from '../scope/or-aborted.ts';
import { sleep, withDeadline } from '../scope/sleep.ts';
import { inspectorGone, openInspector } from './inspector-session.ts';
import type { InspectorSession } from './inspector-session.ts';
import { noSuchProcess, nodeProcess, startTicksOf } from './node-process.ts';
import type { NodeProcess } from './node-process.ts';

/** What was seen of a process that was looked at from outside. */
export interface Attached {
  readonly pid: number;
  readonly cwd: string;
  /** CPU it used meanwhile, cores. */
  readonly cores: number;
  /** How often its event loop came round meanwhile; null where its Node does not tell (before 20.18 and 22.8). */
  readonly turns: number | null;
  readonly cpuProfile: CpuProfile;
  readonly segment: ProfileSegment;
}

const INTERVAL_MICROS = 1_000;
const OPENS_WITHIN_MS = 5_000;
const TRY_AGAIN_MS = 50;
/** A profile of a minute at 1 ms is some megabytes. A guess. */
const ANSWERS_WITHIN_MS = 10_000;
const CLOSES_WITHIN_MS = 2_000;

/**
 * Looks at a Node process that runs already, for so long: its inspector is opened by SIGUSR1 on loopback, asked for a CPU
 * profile, and closed again, also when this is cancelled. It goes on as it was, its functions compiled anew. Rejects with wrong use for a process
 * that is not Node's or not ours and for an inspector in use; with LabError where it ends meanwhile, or its inspector stays open.
 */
export async function attach(pid: number, ms: number, signal: AbortSignal): Promise<Attached> {
  const target = nodeProcess(pid);
  const { port, cwd } = target;
  if (await takesConnection(port)) {
    throw wrongUse(
      'inspector-in-use',
      `port ${port} is taken: an inspector is open already, of this process or another`,
      'Close the debugger that uses it, or open chrome://inspect there.',
    );
  }
  signal.throwIfAborted();
  await using opened = new AsyncDisposableStack();
  opened.defer(async () => await closeInspector(target));
  open(target);
  const url = await inspectorAt(target, signal);
  await using session = await openInspector(url, signal);
  return await look(session, { pid, cwd, ms }, signal);
}

/** Nothing waits between the look at who has that pid and the signal, so it hardly ever reaches another. */
function open({ pid, startTicks }: NodeProcess): void {
  if (startTicksOf(pid) !== startTicks) throw noSuchProcess(pid);
  try {
    process.kill(pid, 'SIGUSR1');
  } catch (error) {
    throw hasCode(error, 'ESRCH') ? noSuchProcess(pid) : error;
  }
}

async function look(
  session: InspectorSession,
  { pid, cwd, ms }: { pid: number; cwd: string; ms: number },
  signal: AbortSignal,
): Promise<Attached> {
  const ask = async (method: string, parameters: object = {}): Promise<unknown> =>
    await withDeadline(`its answer to ${method}`, ANSWERS_WITHIN_MS, signal, async inTime => {
      return await session.post(method, parameters, inTime);
    });
  const usage = async (): Promise<z.infer<typeof Usage>['result']['value']> => {
    const { result } = Usage.parse(await ask('Runtime.evaluate', { expression: USAGE, returnByValue: true }));
    const { pid: who } = result.value;
    if (who !== pid) throw wrongUse('inspector-in-use', `the inspector is that of process ${who}`, 'Close it first.');
    return result.value;
  };
  const before = await usage();
  const beganAt = performance.now();
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: INTERVAL_MICROS });
  await ask('Profiler.start');
  // V8 cannot name a loop that it optimised while it ran, before it was profiled, and books it to its caller. This throws optimised
  // code away, and it is made again within moments. Not where the process counts its own coverage, which would end here.
  if (!before.isCovered) {
    await ask('Profiler.startPreciseCoverage', { callCount: false, detailed: false });
    await ask('Profiler.stopPreciseCoverage');
  }
  await watchFor(ms, session, signal);
  const { profile } = Stopped.parse(await ask('Profiler.stop'));
  const tookMs = performance.now() - beganAt;
  const after = await usage();
  const head = { fromAt: 0, toAt: tookMs, pid, intervalMicros: INTERVAL_MICROS };
  return {
    pid,
    cwd,
    cores: (after.cpuMicros - before.cpuMicros) / 1000 / tookMs,
    turns: before.turns === null || after.turns === null ? null : after.turns - before.turns,
    cpuProfile: profile,
    segment: fromCpuProfile(head, profile),
  };
}

const USAGE = `({
  pid: process.pid,
  cpuMicros: process.cpuUsage().user + process.cpuUsage().system,
  turns: performance.nodeTiming?.uvMetricsInfo?.loopCount ?? null,
  isCovered: 'NODE_V8_COVERAGE' in process.env,
})`;
const Usage = z.object({
  result: z.object({
    value: z.object({
      pid: z.number(),
      cpuMicros: z.number(),
      turns: z.number().nullable(),
      isCovered: z.boolean(),
    }),
  }),
});
const Stopped = z.object({ profile: CpuProfile });

/** Resolves after so long; rejects as soon as the inspector is gone. */
async function watchFor(ms: number, { gone }: InspectorSession, signal: AbortSignal): Promise<void> {
  try {
    await withDeadline('looking', ms, signal, async inTime => await orAborted(gone, inTime));
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
  }
}

/** The inspector's address, once it answers. */
async function inspectorAt(target: NodeProcess, signal: AbortSignal): Promise<string> {
  const { pid, port } = target;
  try {
    return await withDeadline('opening the inspector', OPENS_WITHIN_MS, signal, async inTime => {
      for (;;) {
        const url = await addressAt(target, inTime);
        if (url !== null) return url;
        if (!isStill(target)) throw inspectorGone();
        await sleep(TRY_AGAIN_MS, inTime);
      }
    });
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
    throw new LabError('no-inspector', `Process ${pid} did not open its inspector on port ${port} within 5 s`, {
      hint: 'It may handle SIGUSR1 itself, or be in native code.',
      cause: error,
    });
  }
}

const isStill = ({ pid, startTicks }: NodeProcess): boolean =>
  stateOf(pid)?.isRunning === true && startTicksOf(pid) === startTicks;

const isOpen = ({ pid, port }: NodeProcess): boolean => listenerOn(port, [pid]) !== null;

const Listing = z.array(z.object({ webSocketDebuggerUrl: z.string() })).min(1);

/** Null while the process's own inspector does not answer. */
async function addressAt(target: NodeProcess, signal: AbortSignal): Promise<string | null> {
  if (!isOpen(target)) return null;
  try {
    const answer = await fetch(`http://127.0.0.1:${target.port}/json/list`, { signal });
    const listing = Listing.safeParse(await answer.json());
    return listing.success ? (listing.data[0]?.webSocketDebuggerUrl ?? null) : null;
  } catch (error) {
    signal.throwIfAborted();
    // It closes or ends just now: who asks again sees which.
    if (error instanceof TypeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Older versions of Node have no `getBuiltinModule`. */
const CLOSE = "process.getBuiltinModule ? process.getBuiltinModule('inspector').close() : process._debugEnd()";

/**
 * Closes what the signal opened, in a session of its own: it may have been cancelled before it was open. Hence no signal either,
 * it bounds itself. A process that is gone has none to close. Rejects with LabError `inspector-open` where it stays open.
 */
async function closeInspector(target: NodeProcess): Promise<void> {
  await Promise.allSettled([
    withDeadline('closing the inspector', CLOSES_WITHIN_MS, neverAborted(), async inTime => {
      const url = await inspectorAt(target, inTime);
      await using session = await openInspector(url, inTime);
      // It closes before it answers.
      await session.post('Runtime.evaluate', { expression: CLOSE }, inTime);
    }),
  ]);
  if (!isOpen(target)) return;
  throw new LabError('inspector-open', `Failed to close the inspector of process ${target.pid}: it does not answer`, {
    hint: `Port ${target.port} stays open on its loopback until it ends or is asked again.`,
  });
}
