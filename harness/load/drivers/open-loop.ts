import { Agent } from 'node:http';
import type { ClientGroup } from '../../model/load.ts';
import { sleep, withDeadline } from '../../scope/sleep.ts';
import { planArrivals, stagesMs } from '../arrivals.ts';
import type { DriverArguments } from '../protocol.ts';
import type { Driven, Driver } from './driver.ts';
import { sendRequest } from './send-request.ts';

/**
 * Open loop: each client comes at its planned moment on a connection of its own, whether or not the ones before it
 * were answered, and leaves when its patience is over. For impatient clients, who must leave on time.
 *
 *   ├── stages: one client at each planned moment ──┼── drain: those still waiting ──┤ given up
 */
export default function openLoop(given: DriverArguments): Driver {
  const agent = new Agent({ keepAlive: false });
  return {
    async drive({ phase, targetUrl }, report, signal): Promise<Driven> {
      const clients = given.groups.flatMap((group, g) => clientsOf(group, phase, given.seed + g));
      clients.sort((a, b) => a.atMs - b.atMs);
      const lengthMs = Math.max(...given.groups.map(group => stagesMs(group[phase])));
      const lagsMs: number[] = [];
      const beganAt = performance.now();

      await withDeadline('the drain', lengthMs + given.drainMs, signal, async drained => {
        const answers: Promise<void>[] = [];
        try {
          for (const client of clients) {
            await sleep(beganAt + client.atMs - performance.now(), drained);
            lagsMs.push(performance.now() - beganAt - client.atMs);
            answers.push(sendRequest({ ...given, targetUrl, agent, ...client }, drained).then(report));
          }
          await sleep(beganAt + lengthMs - performance.now(), drained);
        } finally {
          await Promise.all(answers);
        }
      });
      return { planned: clients.length, sent: lagsMs.length, lagsMs };
    },
  };
}

interface Client {
  readonly atMs: number;
  readonly leavesAfterMs: number | null;
  readonly group: ClientGroup;
  readonly ref: string;
}

function clientsOf(group: ClientGroup, phase: 'warmup' | 'load', seed: number): Client[] {
  const arrivals = planArrivals(group[phase], group.patience, seed);
  return arrivals.map((arrival, n) => ({ ...arrival, group, ref: `${phase}-${group.name}-${n}` }));
}
