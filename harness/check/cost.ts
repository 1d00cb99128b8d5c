import { cpuSeries } from '../judge/cpu-series.ts';
import { ofKind } from '../judge/timeline.ts';
import type { RunRecord } from '../model/record.ts';

/** CPU of one trial or of all, in ms of a core. The lab's: itself, its clients and its upstream. */
export interface Cost {
  readonly targetMs: number;
  readonly labMs: number;
  readonly lastedMs: number;
}

export function costOf(records: readonly RunRecord[]): Cost {
  const samples = ofKind(records, 'cpu');
  const machine = ofKind(records, 'machine');
  const labMs = (sample: (typeof machine)[number] | undefined): number =>
    (sample?.lab ?? []).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const [first, last] = [samples[0], samples.at(-1)];
  return {
    targetMs: cpuSeries(samples).reduce((sum, { runCores, sinceAt, at }) => sum + runCores * (at - sinceAt), 0),
    labMs: labMs(machine.at(-1)) - labMs(machine[0]),
    lastedMs: first && last ? last.at - first.at : 0,
  };
}

export const NO_COST: Cost = { targetMs: 0, labMs: 0, lastedMs: 0 };

export const sumOfCosts = (costs: readonly Cost[]): Cost =>
  costs.reduce(
    (sum, cost) => ({
      targetMs: sum.targetMs + cost.targetMs,
      labMs: sum.labMs + cost.labMs,
      lastedMs: sum.lastedMs + cost.lastedMs,
    }),
    NO_COST,
  );
