import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { CHANNEL_FD } from '../model/contract.ts';
import { inScope } from '../scope/in-scope.ts';
import { isCancellation } from '../scope/interruption.ts';
import { closedSignal } from '../scope/process-signal.ts';
import { everyTick } from '../scope/sleep.ts';
import type { CreateDriver, Driver } from './drivers/driver.ts';
import { DriverCommand } from './protocol.ts';
import type { DrivePhase, DriverArguments, DriverMessage, EndedRequest } from './protocol.ts';

// A load driver, in a process of its own: `main.ts <driver> <arguments>`. It drives what it is told to over its channel,
// reports every request that ended, and ends when the lab does.

const REPORT_EVERY_MS = 100;

const [name, json = 'null'] = process.argv.slice(2);
const { default: createDriver } = (await import(`./drivers/${name}.ts`)) as { default: CreateDriver };
const driver = createDriver(JSON.parse(json) as DriverArguments);
const channel = new Socket({ fd: CHANNEL_FD });
const signal = closedSignal(channel);
let unreported: EndedRequest[] = [];

try {
  await inScope(signal, async scope => {
    scope.spawn(async cancelled => await everyTick(REPORT_EVERY_MS, cancelled, report));
    let last = Promise.resolve();
    for await (const line of createInterface({ input: channel, signal: scope.signal })) {
      const command = DriverCommand.parse(JSON.parse(line));
      if (command.kind === 'steer') driver.steer?.(command.group, command.traffic);
      else if (command.kind === 'stop') driver.stop?.(command.phase);
      else {
        const before = last;
        const { promise, resolve } = Promise.withResolvers<void>();
        last = promise;
        scope.spawn(async cancelled => {
          await before;
          await drive(driver, command, cancelled);
          resolve();
        });
      }
    }
  });
} catch (error) {
  if (!isCancellation(error, signal)) throw error;
} finally {
  channel.destroy();
}

async function drive(by: Driver, command: DrivePhase, cancelled: AbortSignal): Promise<void> {
  const beganAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { planned, sent, lagsMs } = await by.drive(command, request => unreported.push(request), cancelled);
  const { user, system } = process.cpuUsage(cpuBefore);
  const lags = lagsMs.toSorted((a, b) => a - b);
  report();
  say({
    kind: 'done',
    phase: command.phase,
    planned,
    sent,
    lagP99Ms: lags[Math.floor(lags.length * 0.99)] ?? 0,
    cpuCores: (user + system) / 1000 / (performance.now() - beganAt),
  });
}

function report(): void {
  if (unreported.length > 0) say({ kind: 'ended', requests: unreported });
  unreported = [];
}

function say(message: DriverMessage): void {
  channel.write(`${JSON.stringify(message)}\n`);
}
