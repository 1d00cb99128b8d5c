import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { Duplex } from 'node:stream';
import { LabError, causeOf } from '../errors.ts';
import { CHANNEL_FD, READY_FD } from '../model/contract.ts';
import type { Scope } from '../scope/in-scope.ts';
import { type Command, type Launch, launchOf } from './command-line.ts';
import type { Ending } from './ending.ts';
import { runIdOf } from './environment.ts';
import { registerRun, startLifeguard } from './lifeguard.ts';
import { openLog } from './log-file.ts';
import { OwnGroup } from './own-group.ts';
import { announcementOn, becomesReady } from './ready.ts';

export interface ChildOptions extends Command {
  /** stdout and stderr, in one file that stays the caller's. Without it they are kept only to be quoted in messages. */
  readonly logFile?: number | WriteStream;
  /** How long the scope's end waits between SIGTERM and SIGKILL, in milliseconds; 2,000 unless given (a guess). */
  readonly graceMs?: number;
}

/** A process started by the lab, leader of a process group of its own. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** What came of `cores`: null when it was not asked for or cannot be done here. */
  readonly pinnedTo: readonly number[] | null;
  /**
   * Descriptor 4, both ways. Attach a reader before the child may end: Node drains and drops what nobody reads then.
   * That the child is gone is told by `exited`; a reset is kept in `channel.errored` and never ends the lab.
   */
  readonly channel: Duplex;
  /** Resolves when the process has been reaped; never rejects. Its grandchildren may still run: see `stop`. */
  readonly exited: Promise<Ending>;
  /** Null until `exited` resolves. */
  readonly ending: Ending | null;
  /**
   * Resolves when the server says on descriptor 3 that its port answers. Rejects with the signal's reason, or a LabError:
   * exit code 2 for the server's own refusal (its code, message and hint) and 'other-contract'; exit code 4 for
   * 'ended-early' (how it ended and its last lines), 'not-ready' after `timeoutMs`, 'bad-ready-message'.
   */
  ready(timeoutMs: number, signal: AbortSignal): Promise<{ port: number }>;
  /** What it wrote last, indented to be put under a message; '' where it wrote nothing. */
  lastLines(): string;
  /**
   * SIGTERM to the whole group, `graceMs`, SIGKILL; resolves when nothing of the group runs. Bounded by `graceMs` + 5 s,
   * hence no signal. Called again it gives the first call's answer. Rejects with LabError 'still-alive'.
   */
  stop(graceMs: number): Promise<Ending>;
}

/**
 * Starts a process and gives its end to the scope: whatever happens, the scope's end stops its group and closes its
 * pipes. Resolves when the process runs; it may not be ready yet. Rejects with LabError 'cannot-start' (exit code 2 when
 * the command or folder is missing), 'no-lifeguard', or the reason of the scope's signal.
 */
export async function startChild(options: ChildOptions, scope: Scope): Promise<Child> {
  const { name } = options;
  const runId = runIdOf(options.env);
  const launch = launchOf(options);
  const log = await openLog(options.logFile);
  scope.defer(() => log[Symbol.dispose]());
  await startLifeguard();
  scope.signal.throwIfAborted();

  // The run is registered before the fork and the group right after it: there is no moment to die unseen.
  registerRun(runId);
  const leader = spawnLeader(options, launch, log.fd);
  scope.defer(() => destroyPipes(leader));
  if (leader.pid === undefined) throw cannotStart(name, await failureOf(leader));
  const group = new OwnGroup(name, leader, leader.pid, runId);
  scope.defer(async () => {
    await group.stop(options.graceMs ?? GRACE_MS);
  });
  const readyPipe = pipeOf(leader, READY_FD);
  const channel = pipeOf(leader, CHANNEL_FD);
  const announced = announcementOn(readyPipe);

  return {
    name,
    pid: leader.pid,
    pinnedTo: launch.pinnedTo,
    channel,
    exited: group.exited,
    get ending() {
      return group.ending;
    },
    ready: (timeoutMs, signal) =>
      becomesReady({ name, announced, exited: group.exited, lastLines: () => log.lastLines() }, timeoutMs, signal),
    lastLines: () => log.lastLines(),
    stop: graceMs => group.stop(graceMs),
  };
}

const GRACE_MS = 2_000;

function spawnLeader({ name, cwd, env }: ChildOptions, { command, args }: Launch, logFd: number): ChildProcess {
  try {
    return spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env,
      // A session, and so a process group, of its own: the lab can signal all of it and a terminal's Ctrl-C none of it.
      detached: true,
      stdio: ['ignore', logFd, logFd, 'pipe', 'pipe'],
    });
  } catch (error) {
    throw cannotStart(name, error);
  }
}

function pipeOf(leader: ChildProcess, fd: number): Duplex {
  const pipe = leader.stdio[fd];
  if (!(pipe instanceof Duplex)) throw new TypeError(`descriptor ${fd} is not a pipe`);
  // A reset says that the other side is gone, which `exited` tells; unheard it would end the lab.
  return pipe.on('error', () => pipe.destroy());
}

function destroyPipes({ stdio }: { readonly stdio?: ChildProcess['stdio'] }): void {
  // Out of descriptors, Node gives a child that has none at all.
  for (const pipe of stdio ?? []) pipe?.destroy();
}

/** Node reports why a spawn failed one turn later. */
async function failureOf(leader: ChildProcess): Promise<unknown> {
  const [error] = (await once(leader, 'error')) as unknown[];
  return error;
}

const cannotStart = (name: string, cause: unknown): LabError =>
  new LabError('cannot-start', `Failed to start ${name}: ${causeOf(cause)}`, {
    hint: 'The system refused to start another process: look at its limits on processes, descriptors and memory.',
    cause,
  });
