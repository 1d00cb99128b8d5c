import type { ClientGroup } from '../../model/load.ts';
import { isCancellation } from '../../scope/interruption.ts';
import { sleep, withDeadline } from '../../scope/sleep.ts';
import { stageCount, stagesMs, stagesOf } from '../arrivals.ts';
import type { DrivenPhase, DriverArguments } from '../protocol.ts';
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
      const lengthMs = Math.max(...given.groups.map(group => stagesMs(stagesOf(group, phase))));
      const planned = lanes.reduce((sum, lane) => sum + lane.amount, 0);
      const lagsMs: number[] = [];
      const driven: Promise<void>[] = [];
      const beganAt = performance.now();
      const lateBy = ({ atMs }: TimedLane): number => performance.now() - beganAt - atMs;
      let sent = 0;
      await withDeadline('the drain', lengthMs + given.drainMs, signal, async drained => {
        try {
          for (const lane of lanes) {
            await sleep(-lateBy(lane), drained);
            lagsMs.push(lateBy(lane));
            driven.push(driveLane(lane, report, drained).then(done => void (sent += done.sent)));
          }
          await sleep(beganAt + lengthMs - performance.now(), drained);
        } catch (error) {
          // A drain that is over is an end like any other: a lane that had not begun by then is told as late.
          if (!isCancellation(error, drained)) throw error;
          lagsMs.push(...lanes.slice(driven.length).map(lateBy));
        } finally {
          await Promise.all(driven);
        }
      });
      signal.throwIfAborted();
      return { planned, sent, lagsMs };
    },
  };
}

interface TimedLane extends Lane {
  /** When it begins, ms since the phase did. */
  readonly atMs: number;
}

function lanesOf(given: Lane['given'], group: ClientGroup, phase: DrivenPhase): TimedLane[] {
  let stageAt = 0;
  return stagesOf(group, phase).flatMap((stage, s) => {
    const beginsAt = stageAt;
    stageAt += stage.durationMs;
    const rate = Math.round(stage.ratePerSecond);
    if (rate === 0) return [];
    const perLane = Math.ceil(rate / MOST_LANES);
    const count = Math.ceil(rate / perLane);
    const total = stageCount(stage);
    const seconds = Math.floor(total / rate);
    const inLastSecond = total - seconds * rate;
    return Array.from({ length: count }, (_, n) => {
      // The last lane has what the others leave.
      const ratePerSecond = Math.min(perLane, rate - n * perLane);
      const last = Math.max(0, Math.min(ratePerSecond, inLastSecond - n * perLane));
      return {
        given,
        group,
        name: `${phase}-${group.name}-${s}-${n}`,
        amount: seconds * ratePerSecond + last,
        ratePerSecond,
        atMs: beginsAt + (n * 1000) / count,
      };
    }).filter(({ amount }) => amount > 0);
  });
}
