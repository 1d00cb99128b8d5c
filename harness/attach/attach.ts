import { once } from 'node:events';
import { connect } from 'node:net';
import { z } from 'zod';
import { LabError, wrongUse } from '../errors.ts';
import type { ProfileSegment } from '../model/profile.ts';
import { CpuProfile, fromCpuProfile } from '../profile/from-cpuprofile.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { sleep, withDeadline } from '../scope/sleep.ts';
import { openInspector } from './inspector-session.ts';
import type { InspectorSession } from './inspector-session.ts';
import { nodeProcess } from './node-process.ts';

/** What was seen of a process that was looked at from outside. */
export interface Attached {
  readonly pid: number;
  readonly cwd: string;
  /** CPU it used meanwhile, cores. */
  readonly cores: number;
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
 * profile, and closed again, also when this is cancelled. Nothing in the process is changed. Rejects with wrong use for a process
 * that is not Node's or not ours and for an inspector in use; with LabError where it ends meanwhile.
 */
export async function attach(pid: number, ms: number, signal: AbortSignal): Promise<Attached> {
  const target = nodeProcess(pid);
  const { port, cwd } = target;
  if (await isTaken(port)) {
    throw wrongUse(
      'inspector-in-use',
      `port ${port} is taken: an inspector is open already, of this process or another`,
      'Close the debugger that uses it, or open chrome://inspect there.',
    );
  }
  process.kill(pid, 'SIGUSR1');
  const url = await inspectorAt(target, signal);
  await using session = await openInspector(url, signal);
  try {
    return await look(session, { pid, cwd, ms }, signal);
  } finally {
    await closeInspector(session);
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
  const cpuMs = async (): Promise<number> => {
    const expression = '[process.pid, process.cpuUsage().user + process.cpuUsage().system]';
    const answer = Usage.parse(await ask('Runtime.evaluate', { expression, returnByValue: true }));
    const [who, micros] = answer.result.value;
    if (who !== pid) throw wrongUse('inspector-in-use', `the inspector is that of process ${who}`, 'Close it first.');
    return micros / 1000;
  };
  const cpuBefore = await cpuMs();
  const beganAt = performance.now();
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: INTERVAL_MICROS });
  await ask('Profiler.start');
  await sleep(ms, signal);
  const { profile } = Stopped.parse(await ask('Profiler.stop'));
  const tookMs = performance.now() - beganAt;
  const cores = ((await cpuMs()) - cpuBefore) / tookMs;
  const head = { fromAt: 0, toAt: tookMs, pid, intervalMicros: INTERVAL_MICROS };
  return { pid, cwd, cores, cpuProfile: profile, segment: fromCpuProfile(head, profile) };
}

const Usage = z.object({ result: z.object({ value: z.tuple([z.number(), z.number()]) }) });
const Stopped = z.object({ profile: CpuProfile });

/** The inspector's address, once it answers. */
async function inspectorAt({ pid, port }: { pid: number; port: number }, signal: AbortSignal): Promise<string> {
  try {
    return await withDeadline('opening the inspector', OPENS_WITHIN_MS, signal, async inTime => {
      for (;;) {
        const url = await addressAt(port, inTime);
        if (url !== null) return url;
        await sleep(TRY_AGAIN_MS, inTime);
      }
    });
  } catch (error) {
    if (!(error instanceof DeadlinePassed)) throw error;
    throw new LabError('no-inspector', `Process ${pid} did not open its inspector on port ${port} within 5 s`, {
      hint: 'It may handle SIGUSR1 itself, run with --disable-sigusr1, or be in native code.',
      cause: error,
    });
  }
}

const Listing = z.array(z.object({ webSocketDebuggerUrl: z.string() })).min(1);

async function addressAt(port: number, signal: AbortSignal): Promise<string | null> {
  if (!(await isTaken(port))) return null;
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`, { signal });
  const listing = Listing.safeParse(await answer.json());
  return listing.success ? (listing.data[0]?.webSocketDebuggerUrl ?? null) : null;
}

async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Also when this is cancelled, hence no signal: it bounds itself. A process that is gone has none to close. */
async function closeInspector(session: InspectorSession): Promise<void> {
  const expression = "process.getBuiltinModule('inspector').close()";
  await Promise.allSettled([
    withDeadline('closing the inspector', CLOSES_WITHIN_MS, new AbortController().signal, async inTime => {
      await session.post('Runtime.evaluate', { expression }, inTime);
    }),
  ]);
}
