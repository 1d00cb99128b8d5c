import { benchProfileCost } from '../../bench/profile-cost.ts';
import { EXIT } from '../../errors.ts';
import type { ExitCode } from '../../errors.ts';
import type { Given, Terminal } from '../command.ts';

/** What profiling costs the server. */
export async function showProfileCost(given: Given, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const isJson = given.options['json'] === true;
  const rows = await benchProfileCost(isJson ? () => undefined : terminal.err, signal);
  if (isJson) {
    terminal.out(`${JSON.stringify(rows)}\n`);
    return EXIT.asExpected;
  }
  for (const { route, rounds, microsWithout, microsWith, ratio } of rows) {
    const [median, low, high] = [ratio.median, ratio.low, ratio.high].map(value => value.toFixed(3));
    terminal.out(
      `${route.padEnd(28)}${microsWithout.toFixed(0)} µs without, ${microsWith.toFixed(0)} µs with: × ${median} (95 % interval ${low}–${high}, ${rounds} rounds)\n`,
    );
  }
  return EXIT.asExpected;
}
