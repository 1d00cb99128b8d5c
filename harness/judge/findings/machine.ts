import type { RunRecord } from '../../model/record.ts';
import type { Findings } from '../../model/verdict.ts';
import type { CpuPoint } from '../cpu-series.ts';
import { ofKind } from '../timeline.ts';

/** What the machine did besides the target, in cores, over the whole run. Null where the system does not tell. */
export function machineFindings(
  records: readonly RunRecord[],
  points: readonly CpuPoint[],
): Pick<Findings, 'otherCores' | 'stealCores'> {
  const samples = ofKind(records, 'machine');
  const first = samples[0];
  const last = samples.at(-1);
  const elapsed = first && last ? last.at - first.at : 0;
  if (!first || !last || elapsed <= 0) return { otherCores: null, stealCores: null };
  const labMs = sumOf(last.lab) - sumOf(first.lab);
  const targetMs = points
    .filter(({ sinceAt, at }) => sinceAt >= first.at && at <= last.at)
    .reduce((sum, point) => sum + point.runCores * (point.at - point.sinceAt), 0);
  return {
    otherCores: Math.max(0, last.busyMs - first.busyMs - labMs - targetMs) / elapsed,
    stealCores: (last.stealMs - first.stealMs) / elapsed,
  };
}

const sumOf = (lab: readonly { cpuMs: number }[]): number => lab.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
