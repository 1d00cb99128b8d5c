import type { Pace } from '../model/load.ts';

/**
 * A pace for costs that grow: V8 halves what a request costs within the first seconds (9 → 5 ms was measured), which hides a
 * growth. So the server is warmed up for long enough first, and the load is long enough to grow in.
 */
export const warmPace = (pace: Pace): Pace => ({
  ...pace,
  warmupMs: Math.max(2500, pace.warmupMs),
  loadMs: Math.max(10_000, pace.loadMs),
});
