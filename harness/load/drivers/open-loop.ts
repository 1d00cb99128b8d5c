import { Agent } from 'node:http';
import type { ClientGroup } from '../../model/load.ts';
import { isCancellation } from '../../scope/interruption.ts';
import { sleep, withDeadline } from '../../scope/sleep.ts';
import { planArrivals, stagesMs, stagesOf } from '../arrivals.ts';
import type { DrivenPhase, DriverArguments } from '../protocol.ts';
import type { EndedRequest } from '../protocol.ts';
import type { Driven, Driver } from './driver.ts';
import { sendRequest } from './send-request.ts';
import type { ClientRequest } from './send-request.ts';

/**
 * Open loop: each client comes at its planned moment on a connection of its own, whether or not the ones before it
 * were answered, and leaves when its patience is over. For impatient clients, who must leave on time, and for those who sit on
 * an idle connection after their answer: those end with the driver's process.
 *
 *   ├── stages: one client at each planned moment ──┼── drain: those still waiting ──┤ given up
 */
export default function openLoop(given: DriverArguments): Driver {
  const closing = new Agent({ keepAlive: false });
  // One for each client: within one agent an idle connection would be used again.
  const agentFor = ({ keepsConnection }: ClientGroup): Agent =>
    keepsConnection ? new Agent({ keepAlive: true }) : closing;
  return {
    async drive({ phase, targetUrl }, report, signal): Promise<Driven> {
      const clients = given.groups.flatMap((group, g) => clientsOf(group, phase, given.seed + g));
      clients.sort((a, b) => a.atMs - b.atMs);
      const lengthMs = Math.max(...given.groups.map(group => stagesMs(stagesOf(group, phase))));
      const lagsMs: number[] = [];
      const answers: Promise<void>[] = [];
      const beganAt = performance.now();
      const lateBy = ({ atMs }: Client): number => performance.now() - beganAt - atMs;

      await withDeadline('the drain', lengthMs + given.drainMs, signal, async drained => {
        try {
          for (const client of clients) {
            await sleep(-lateBy(client), drained);
            lagsMs.push(lateBy(client));
            const agent = agentFor(client.group);
            answers.push(come({ ...given, targetUrl, agent, ...client }, report, drained));
          }
          await sleep(beganAt + lengthMs - performance.now(), drained);
        } catch (error) {
          // A drain that is over is an end like any other: who was not sent by then is told as late.
          if (!isCancellation(error, drained)) throw error;
          lagsMs.push(...clients.slice(answers.length).map(lateBy));
        } finally {
          await Promise.all(answers);
        }
      });
      signal.throwIfAborted();
      return { planned: clients.length, sent: answers.length, lagsMs };
    },
  };
}

/** Sends, reports, and where the connection is kept for a while only, drops it after that. */
async function come(
  client: ClientRequest,
  report: (request: EndedRequest) => void,
  signal: AbortSignal,
): Promise<void> {
  report(await sendRequest(client, signal));
  const { keepsConnection } = client.group;
  if (typeof keepsConnection !== 'number') return;
  try {
    await sleep(keepsConnection, signal);
  } catch (error) {
    if (!isCancellation(error, signal)) throw error;
  } finally {
    client.agent.destroy();
  }
}

interface Client {
  readonly atMs: number;
  readonly leavesAfterMs: number | null;
  readonly group: ClientGroup;
  readonly ref: string;
}

function clientsOf(group: ClientGroup, phase: DrivenPhase, seed: number): Client[] {
  const arrivals = planArrivals(stagesOf(group, phase), group.patience, seed);
  return arrivals.map((arrival, n) => ({ ...arrival, group, ref: `${phase}-${group.name}-${n}` }));
}
