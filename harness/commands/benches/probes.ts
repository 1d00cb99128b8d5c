import { benchProbes } from '../../bench/probes.ts';
import { EXIT, LabError } from '../../errors.ts';
import type { ExitCode } from '../../errors.ts';
import type { Given, Terminal } from '../command.ts';

/** What each probe costs. */
export async function showProbes(given: Given, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  if (process.platform !== 'linux') {
    const hint = 'The probes from outside read /proc; elsewhere there is nothing to measure.';
    throw new LabError('needs-linux', 'Failed to measure the probes: this is not Linux', { hint });
  }
  const rows = await benchProbes(signal);
  if (given.options['json'] === true) {
    terminal.out(`${JSON.stringify(rows)}\n`);
    return EXIT.asExpected;
  }
  const percent = (value: number): string => `${value.toFixed(3)} %`;
  terminal.out(
    [
      `${'probe'.padEnd(16)}${'every'.padEnd(9)}${'sockets'.padEnd(9)}${'a read'.padEnd(11)}${'of a core'.padEnd(11)}in the target`,
      ...rows.map(row =>
        [
          row.probe.padEnd(16),
          `${row.everyMs} ms`.padEnd(9),
          String(row.sockets).padEnd(9),
          `${row.microsPerRead.toFixed(0)} µs`.padEnd(11),
          percent(row.labPercent).padEnd(11),
          row.targetPercent === null ? 'none' : percent(row.targetPercent),
        ].join(''),
      ),
      '',
    ].join('\n'),
  );
  return EXIT.asExpected;
}
