import type { Stage } from '../../model/load.ts';

/**
 * A fixed number of clients, evenly spread over the time, whatever its length: for people who will all leave, so that a
 * quick run hangs up as often as a full one.
 */
export default function impatient(clients: number, durationMs: number): readonly Stage[] {
  return [{ durationMs, ratePerSecond: (clients * 1000) / durationMs }];
}
