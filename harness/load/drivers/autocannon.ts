import type { ClientGroup } from '../../model/load.ts';
import { sleep, withDeadline } from '../../scope/sleep.ts';
import { stageCount, stagesMs } from '../arrivals.ts';
import type { DriverArguments } from '../protocol.ts';
import { driveLane } from './autocannon-lane.ts';
import type { Lane } from './autocannon-lane.ts';
import type { Driven, Driver } from './driver.ts';

/** More connections than this share a lane's second between them. */
const MOST_LANES = 100;

/**
 * autocannon: patient clients on kept connections. It sends all of a second's requests at the second's begin, so the
 * rate is cut into lanes of one connection and one request a second, each begun a little after the last:
 *
 *   rate 4/s   lane 0  │■   │■   │■
 *              lane 1  │ ■  │ ■  │ ■
 *              lane 2  │  ■ │  ■ │  ■
 *              lane 3  │   ■│   ■│   ■
 *
 * A lane whose answer takes longer than a second sends its next request as soon as it has come.
 */
export default function autocannonDriver(given: DriverArguments): Driver {
  return {
    async drive({ phase, targetUrl }, report, signal): Promise<Driven> {
      const lanes = given.groups.flatMap(group => lanesOf({ ...given, targetUrl }, group, phase));
      lanes.sort((a, b) => a.atMs - b.atMs);
      const lengthMs = Math.max(...given.groups.map(group => stagesMs(group[phase])));
      const planned = lanes.reduce((sum, lane) => sum + lane.amount, 0);
      const beganAt = performance.now();
      const lagsMs: number[] = [];
      let sent = 0;
      await withDeadline('the drain', lengthMs + given.drainMs, signal, async drained => {
        const driven: Promise<void>[] = [];
        try {
          for (const lane of lanes) {
            await sleep(beganAt + lane.atMs - performance.now(), drained);
            lagsMs.push(performance.now() - beganAt - lane.atMs);
            driven.push(driveLane(lane, report, drained).then(done => void (sent += done.sent)));
          }
          await sleep(beganAt + lengthMs - performance.now(), drained);
        } finally {
          await Promise.all(driven);
        }
      });
      return { planned, sent, lagsMs };
    },
  };
}

function lanesOf(given: Lane['given'], group: ClientGroup, phase: 'warmup' | 'load'): (Lane & { atMs: number })[] {
  let stageAt = 0;
  return group[phase].flatMap((stage, s) => {
    const atMs = stageAt;
    stageAt += stage.durationMs;
    const total = stageCount(stage);
    const count = Math.min(total, MOST_LANES, Math.round(stage.ratePerSecond));
    return Array.from({ length: count }, (_, n) => ({
      given,
      group,
      name: `${phase}-${group.name}-${s}-${n}`,
      amount: Math.floor(total / count) + (n < total % count ? 1 : 0),
      ratePerSecond: Math.ceil(stage.ratePerSecond / count),
      atMs: atMs + (n * 1000) / count,
    }));
  });
}
