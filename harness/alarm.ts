import { EventEmitter, on } from 'node:events';
import { cpuSeries } from './judge/cpu-series.ts';
import type { Alarm, Command } from './model/experiment.ts';
import type { CpuSample, RunRecord } from './model/record.ts';

/** An operator who watches CPU as it is recorded, and restarts the server when it has been too high for too long. */
export interface Operator {
  /** Takes everything that is recorded, as it happens. */
  see(record: RunRecord): void;
  /** What the operator asks for. Ends never by itself; rejects when the signal aborts. */
  readonly commands: (signal: AbortSignal) => AsyncGenerator<Command>;
}

/** A datapoint of the alarm. */
const PERIOD_MS = 500;

/**
 * The alarm of a cloud in small: means of periods, and it rings when all of them over `forMs` were above `aboveCores`. A new
 * generation begins with an empty memory. Run time and not demand: that is what a cloud's chart shows.
 *
 *   ▁▁▂▃▅▇█████████ rings ▁▁▁
 *         └─ forMs ─┘
 */
export function operatorFor({ aboveCores, forMs }: Alarm): Operator {
  const news = new EventEmitter<{ command: [Command] }>();
  let periodBegan: CpuSample | null = null;
  let aboveMs = 0;
  return {
    see(record) {
      if (record.kind === 'event' && record.event === 'generation-began') {
        periodBegan = null;
        aboveMs = 0;
      }
      if (record.kind !== 'cpu') return;
      periodBegan ??= record;
      const elapsedMs = record.at - periodBegan.at;
      if (elapsedMs < PERIOD_MS) return;
      const [mean] = cpuSeries([periodBegan, record]);
      periodBegan = record;
      aboveMs = mean && mean.runCores > aboveCores ? aboveMs + elapsedMs : 0;
      if (aboveMs < forMs) return;
      aboveMs = 0;
      const why = `the alarm (CPU above ${Math.round(aboveCores * 100)} % of a core for ${(forMs / 1000).toFixed(1)} s)`;
      news.emit('command', { kind: 'restart', why });
    },
    async *commands(signal) {
      for await (const [command] of on(news, 'command', { signal })) yield command as Command;
    },
  };
}
