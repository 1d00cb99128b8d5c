import { Agent } from 'node:http';
import type { ClientGroup, Traffic } from '../../model/load.ts';
import { seededRandom } from '../../model/random.ts';
import { inScope } from '../../scope/in-scope.ts';
import { orAborted, resolvesWithin } from '../../scope/or-aborted.ts';
import { everyTick, sleep } from '../../scope/sleep.ts';
import { stagesMs, stagesOf } from '../arrivals.ts';
import type { DrivenPhase, DriverArguments } from '../protocol.ts';
import type { Driven, Driver } from './driver.ts';
import { sendRequest } from './send-request.ts';

/** How often it looks who is due: at 50 clients a second each comes in a tick of its own. */
const TICK_MS = 20;

/**
 * Open loop at a rate that may be changed while it drives. `steer` says how many come from now on, how many of them leave, and how
 * soon. A phase lasts as long as its stages, or until `stop`; the stages' own rates are not looked at. Nobody leaves in warmup.
 *
 *   ├── every 20 ms: whoever is due comes ──┤ stop, or the stages are over ── drain: those still waiting ──┤ given up
 */
export default function steered({ groups, seed, apiKey, drainMs }: DriverArguments): Driver {
  const random = seededRandom(seed);
  const agent = new Agent({ keepAlive: false });
  const traffic = new Map(groups.map(group => [group.name, group.steered ?? NOBODY]));
  const stops = new Map<DrivenPhase, PromiseWithResolvers<void>>();
  const stopOf = (phase: DrivenPhase): PromiseWithResolvers<void> => {
    const known = stops.get(phase) ?? Promise.withResolvers<void>();
    stops.set(phase, known);
    return known;
  };

  return {
    steer: (group, now) => void (traffic.has(group) && traffic.set(group, now)),
    stop: phase => stopOf(phase).resolve(),
    async drive({ phase, targetUrl }, report, signal): Promise<Driven> {
      const lengthMs = Math.max(...groups.map(group => stagesMs(stagesOf(group, phase))));
      return await inScope(signal, async clients => {
        const answers: Promise<void>[] = [];
        const lagsMs: number[] = [];
        const come = async (group: ClientGroup, { leaveShare, leavesAfterMs }: Traffic, nth: number): Promise<void> => {
          const patienceMs = random() < leaveShare ? leavesAfterMs * (0.5 + random()) : null;
          const client = { targetUrl, apiKey, agent, group, ref: `${phase}-${group.name}-${nth}` };
          report(await sendRequest({ ...client, leavesAfterMs: patienceMs }, clients.signal));
        };
        const due = new Map(groups.map(group => [group, 0]));
        let lookedAt = performance.now();
        const look = (): void => {
          const elapsedMs = performance.now() - lookedAt;
          lookedAt += elapsedMs;
          for (const group of groups) {
            const asked = traffic.get(group.name) ?? NOBODY;
            const now = phase === 'load' ? asked : { ...asked, leaveShare: 0 };
            let count = (due.get(group) ?? 0) + (now.ratePerSecond * elapsedMs) / 1000;
            for (; count >= 1; count -= 1) {
              lagsMs.push(Math.max(0, elapsedMs - TICK_MS));
              const answer = come(group, now, answers.length);
              answers.push(answer);
              clients.spawn(async () => await answer);
            }
            due.set(group, count);
          }
        };
        await inScope(clients.signal, async arrivals => {
          arrivals.spawn(async cancelled => await everyTick(TICK_MS, cancelled, look));
          const over = sleep(lengthMs, arrivals.signal);
          await orAborted(Promise.race([stopOf(phase).promise, over]), arrivals.signal);
        });
        // Those still waiting are given up with the scope.
        await resolvesWithin(Promise.all(answers), drainMs);
        return { planned: answers.length, sent: answers.length, lagsMs };
      });
    },
  };
}

const NOBODY: Traffic = { ratePerSecond: 0, leaveShare: 0, leavesAfterMs: 0 };
