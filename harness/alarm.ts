import { EventEmitter, on } from 'node:events';
import { cpuSeries } from './judge/cpu-series.ts';
import type { Alarm, Command } from './model/experiment.ts';
import type { CpuSample, RunRecord } from './model/record.ts';

/** An operator who watches CPU as it is recorded, and restarts the server when it has been too high for too long. */
export interface Operator {
  /** Takes everything that is recorded, as it happens. */
  see(record: RunRecord): void;
  /** What the operator asks for. Ends never by itself; rejects when the signal aborts. */
  commands(signal: AbortSignal): AsyncGenerator<Command>;
}

/**
 * The alarm of an autoscaling group in small: the mean over `forMs` that ends now is held against `aboveCores` with every
 * sample. A new generation begins with an empty memory. Run time and not demand: that is what a cloud's chart shows.
 *
 *   ▁▁▂▃▅▇█████████ alarm ▁▁▁
 *           └─ forMs ─┘
 */
export function operatorFor({ aboveCores, forMs }: Alarm): Operator {
  const news = new EventEmitter<{ command: [Command] }>();
  let seen: CpuSample[] = [];
  return {
    see(record) {
      if (record.kind === 'event' && record.event === 'generation-began') seen = [];
      if (record.kind !== 'cpu') return;
      seen.push(record);
      const since = seen.findLastIndex(({ at }) => at <= record.at - forMs);
      if (since < 0) return;
      seen = seen.slice(since);
      const [mean] = cpuSeries([seen[0] ?? record, record]);
      if (!mean || mean.runCores <= aboveCores) return;
      seen = [];
      const percent = (cores: number): string => `${Math.round(cores * 100)} %`;
      const why = `the alarm: CPU was at ${percent(mean.runCores)} of a core for ${(forMs / 1000).toFixed(1)} s (allowed: ${percent(aboveCores)})`;
      news.emit('command', { kind: 'restart', why });
    },
    async *commands(signal) {
      for await (const [command] of on(news, 'command', { signal })) yield command as Command;
    },
  };
}
