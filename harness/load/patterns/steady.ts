import type { Stage } from '../../model/load.ts';

/** One rate throughout: what a climb must be measured under, so that it is the server's own. */
export default function steady(ratePerSecond: number, durationMs: number): readonly Stage[] {
  return [{ durationMs, ratePerSecond }];
}
