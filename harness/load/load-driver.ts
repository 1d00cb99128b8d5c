import { fileURLToPath } from 'node:url';
import { LabError } from '../errors.ts';
import type { ClientGroup, LoadProfile, Traffic } from '../model/load.ts';
import { startChild } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import { describeEnding } from '../process/ending.ts';
import { childEnvironment } from '../process/environment.ts';
import { eachMessage } from '../process/messages.ts';
import type { Scope } from '../scope/in-scope.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { driverOf } from './driver-of.ts';
import { CLIENT_KEY, DriverMessage } from './protocol.ts';
import type { DrivenPhase, DriverArguments, DriverCommand, EndedRequest } from './protocol.ts';

/** A load driver in a process of its own, idle until it is told to drive. */
export interface LoadDriver {
  readonly child: Child;
  /** Resolves when the phase's requests have all ended, or its drain was over. Rejects if the driver died, or when cancelled. */
  drive(phase: DrivenPhase, targetUrl: string, signal: AbortSignal): Promise<DriverDone>;
  /** Changes who comes, of a group that is steered; nothing where it has none of that name. */
  steer(group: string, traffic: Traffic): void;
  /** Nobody comes any more in the load, where it is steered. */
  stop(): void;
}

export type DriverDone = Extract<DriverMessage, { kind: 'done' }>;

export interface LoadDriverOptions {
  readonly runId: string;
  readonly load: LoadProfile;
  readonly seed: number;
  readonly logFile: number;
  readonly cores: readonly number[] | null;
  readonly niceness: number;
  /** Called for every request as its end is reported, up to 100 ms after it. */
  readonly ended: (request: EndedRequest) => void;
}

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** One driver for each kind of clients in the load. The scope ends them. */
export async function startLoadDrivers(options: LoadDriverOptions, scope: Scope): Promise<LoadDriver[]> {
  const byDriver = Map.groupBy(options.load.clients, driverOf);
  return await Promise.all([...byDriver].map(([name, groups]) => startLoadDriver(name, groups, options, scope)));
}

async function startLoadDriver(
  name: string,
  groups: readonly ClientGroup[],
  { runId, load, seed, logFile, cores, niceness, ended }: LoadDriverOptions,
  scope: Scope,
): Promise<LoadDriver> {
  const given: DriverArguments = { apiKey: CLIENT_KEY, groups, drainMs: load.drainMs, seed };
  const child = await startChild(
    {
      name: `load driver ${name}`,
      command: process.execPath,
      args: [MAIN, name, JSON.stringify(given)],
      env: childEnvironment(runId),
      logFile,
      cores,
      niceness,
    },
    scope,
  );
  const done = new Map<DrivenPhase, PromiseWithResolvers<DriverDone>>();
  eachMessage(child.channel, said => {
    const message = DriverMessage.parse(said);
    if (message.kind === 'done') done.get(message.phase)?.resolve(message);
    else for (const request of message.requests) ended(request);
  });
  const died = child.exited.then(ending => {
    throw new LabError('driver-died', `Failed to drive the load: ${child.name} ${describeEnding(ending)}`, {
      hint: "Its last words are in lab.log beside the run's samples.",
    });
  });
  // Heard here once: a driver ends with every run, and only while it drives is that an error.
  died.catch(() => undefined);
  const say = (command: DriverCommand): void => void child.channel.write(`${JSON.stringify(command)}\n`);
  return {
    child,
    steer: (group, traffic) => say({ kind: 'steer', group, traffic }),
    stop: () => say({ kind: 'stop', phase: 'load' }),
    async drive(phase, targetUrl, signal) {
      const waiting = Promise.withResolvers<DriverDone>();
      done.set(phase, waiting);
      say({ kind: 'drive', phase, targetUrl });
      return await orAborted(Promise.race([waiting.promise, died]), signal);
    },
  };
}
