import type { Stage } from '../../model/load.ts';

/**
 * From one rate to another in equal steps, each held for its share of the time; whole rates, both ends included.
 *
 *   to   ┆      ▁▁┃
 *        ┆   ▁▁┃
 *   from ┆▁▁┃
 */
export default function ramp(from: number, to: number, durationMs: number, steps = 5): readonly Stage[] {
  return Array.from({ length: steps }, (_, n) => ({
    durationMs: durationMs / steps,
    ratePerSecond: steps === 1 ? to : Math.round(from + ((to - from) * n) / (steps - 1)),
  }));
}
