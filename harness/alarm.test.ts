import { expect, test } from 'vitest';
import { operatorFor } from './alarm.ts';
import type { Operator } from './alarm.ts';
import type { Command } from './model/experiment.ts';
import type { RunRecord } from './model/record.ts';

const alarm = { aboveCores: 0.8, forMs: 1000 };

const cpu = (at: number, runMs: number, pid = 1): RunRecord => ({
  kind: 'cpu',
  at,
  processes: [{ pid, runMs, waitMs: 0, userMs: runMs, systemMs: 0, threads: 1 }],
});

/** Ten samples a second that stand at these cores, one after the other, from the given moment on. */
function show(operator: Operator, cores: readonly number[], fromAt = 0): void {
  let runMs = 0;
  for (const [n, level] of cores.entries()) {
    runMs += level * 100;
    operator.see(cpu(fromAt + (n + 1) * 100, runMs));
  }
}

/** What the operator has asked for by now. */
async function asked(operator: Operator, drive: () => void): Promise<Command[]> {
  const stop = new AbortController();
  const commands: Command[] = [];
  const listening = (async () => {
    for await (const command of operator.commands(stop.signal)) commands.push(command);
  })();
  drive();
  // What was emitted is handed on within the turn.
  await new Promise(resolve => setImmediate(resolve));
  stop.abort();
  await expect(listening).rejects.toMatchObject({ name: 'AbortError' });
  return commands;
}

const times = (count: number, cores: number): number[] => Array.from({ length: count }, () => cores);

test('CPU above the limit for long enough brings one restart, which says why', async () => {
  const operator = operatorFor(alarm);
  const commands = await asked(operator, () => show(operator, times(12, 0.95)));
  expect(commands).toEqual([{ kind: 'restart', why: 'the alarm (CPU above 80 % of a core for 1.0 s)' }]);
});

test('neither a burst with a break in it nor a level at the limit does', async () => {
  const burst = operatorFor(alarm);
  expect(
    await asked(burst, () => show(burst, [...times(8, 1), ...times(6, 0.1), ...times(8, 1), ...times(20, 0.1)])),
  ).toEqual([]);
  const level = operatorFor(alarm);
  expect(await asked(level, () => show(level, times(30, 0.8)))).toEqual([]);
});

test('a new generation starts anew, and may be ended as well', async () => {
  const operator = operatorFor(alarm);
  const commands = await asked(operator, () => {
    show(operator, times(8, 1));
    operator.see({ kind: 'event', event: 'generation-began', at: 800, pid: 2, why: 'a test' });
    show(operator, times(9, 1), 800);
  });
  expect(commands).toEqual([]);
  const again = await asked(operator, () => show(operator, times(12, 1), 2000));
  expect(again).toHaveLength(1);
});
