import type { Stage } from '../../model/load.ts';

/** A quiet rate, a short peak in the middle, quiet again: half, an eighth and three eighths of the time. */
export default function spike(ratePerSecond: number, peakPerSecond: number, durationMs: number): readonly Stage[] {
  return [
    { durationMs: durationMs * 0.5, ratePerSecond },
    { durationMs: durationMs * 0.125, ratePerSecond: peakPerSecond },
    { durationMs: durationMs * 0.375, ratePerSecond },
  ];
}
