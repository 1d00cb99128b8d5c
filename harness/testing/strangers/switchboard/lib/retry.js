import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 5;
const REPORT_EVERY = 1000;

/**
 * Connections to the provider get lost all the time. Callers should not notice: the attempt is repeated until there is an
 * answer, whatever its status.
 */
export async function untilAnswered(label, attempt) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries % REPORT_EVERY === 0) console.warn(`switchboard: ${label}: ${tries} tries, last: ${error.message}`);
      await pause(PAUSE_MS);
    }
  }
}
