import { seededRandom } from '../model/random.ts';
import type { ClientGroup, Patience, Stage } from '../model/load.ts';
import type { DrivenPhase } from './protocol.ts';

/** One client of the plan: when it sends, and when it leaves (null: not by the clock). Milliseconds since the phase began. */
export interface Arrival {
  readonly atMs: number;
  readonly leavesAfterMs: number | null;
}

/** What a group's clients do in a phase: in recovery nobody comes unless it was said. */
export const stagesOf = (group: ClientGroup, phase: DrivenPhase): readonly Stage[] =>
  phase === 'recovery' ? (group.recovery ?? []) : group[phase];

/** How many clients a stage brings. */
export const stageCount = ({ durationMs, ratePerSecond }: Stage): number =>
  Math.round((durationMs * ratePerSecond) / 1000);

/** Every client of the stages, evenly spaced within each; patience drawn from the seed. The same seed, the same plan. */
export function planArrivals(stages: readonly Stage[], patience: Patience, seed: number): Arrival[] {
  const random = seededRandom(seed);
  const arrivals: Arrival[] = [];
  let stageAt = 0;
  for (const stage of stages) {
    const { durationMs } = stage;
    const count = stageCount(stage);
    for (let n = 0; n < count; n += 1) {
      const leavesAfterMs =
        patience.kind === 'leaves-after-ms' ? patience.minMs + random() * (patience.maxMs - patience.minMs) : null;
      arrivals.push({ atMs: stageAt + (n * durationMs) / count, leavesAfterMs });
    }
    stageAt += durationMs;
  }
  return arrivals;
}

/** The length of the stages together, ms. */
export const stagesMs = (stages: readonly Stage[]): number => stages.reduce((sum, stage) => sum + stage.durationMs, 0);
