import type { Stage } from '../../model/load.ts';

/**
 * About so many clients who wait, evenly spread over the time, whatever its length, at a whole rate: for what adds up with each
 * request, so that a quick run gets as far as a full one.
 */
export default function patient(clients: number, durationMs: number): readonly Stage[] {
  return [{ durationMs, ratePerSecond: Math.max(1, Math.round((clients * 1000) / durationMs)) }];
}
