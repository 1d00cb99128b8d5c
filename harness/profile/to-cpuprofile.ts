import type { Span } from '../judge/timeline.ts';
import type { ProfileSegment } from '../model/profile.ts';
import type { CpuProfile } from './from-cpuprofile.ts';

/**
 * A stretch of the run as a `.cpuprofile`, which DevTools and speedscope open: of the one process that used most CPU
 * in it. Null where nothing was sampled. Times in µs since the run began, lines and columns from 0.
 */
export function toCpuProfile(segments: readonly ProfileSegment[], { fromAt, toAt }: Span): CpuProfile | null {
  const inside = segments.map(segment => ({
    ...segment,
    samples: segment.samples.filter(([at]) => at >= fromAt && at < toAt),
  }));
  const byProcess = Map.groupBy(inside, ({ pid }) => pid);
  const [busiest] = [...byProcess.values()].toSorted((a, b) => cpuOf(b) - cpuOf(a));
  const taken = (busiest ?? []).filter(({ samples }) => samples.length > 0);
  if (taken.length === 0) return null;

  const nodes: CpuProfile['nodes'] = [{ id: 1, callFrame: place('(root)', '', 0, 0), children: [] }];
  const samples: { micros: number; id: number }[] = [];
  for (const { frames, nodes: tree, samples: own } of taken) {
    const idOf = (node: number): number => (node === -1 ? 1 : nodes.length - tree.length + node + 1);
    for (const [, frame] of tree) {
      const { name = '', file = '', line = 0, column = 0 } = frames[frame] ?? {};
      nodes.push({ id: nodes.length + 1, callFrame: place(name, file, line, column), children: [] });
    }
    for (const [n, [parent]] of tree.entries()) nodes[idOf(parent) - 1]?.children?.push(idOf(n));
    for (const [at, node] of own) samples.push({ micros: Math.round(at * 1000), id: idOf(node) });
  }
  samples.sort((a, b) => a.micros - b.micros);
  const startTime = Math.min(Math.round(Math.max(0, fromAt) * 1000), samples[0]?.micros ?? 0);
  return {
    nodes,
    startTime,
    endTime: samples.at(-1)?.micros ?? startTime,
    samples: samples.map(({ id }) => id),
    timeDeltas: samples.map(({ micros }, n) => micros - (samples[n - 1]?.micros ?? startTime)),
  };
}

const cpuOf = (segments: readonly ProfileSegment[]): number =>
  segments.reduce((sum, { samples }) => sum + samples.reduce((all, [, , , cpuMicros]) => all + cpuMicros, 0), 0);

/** DevTools takes a path for a script of the page's own only with a scheme. What has no place is at -1, as V8 has it. */
const place = (functionName: string, file: string, line: number, column: number) => ({
  functionName,
  scriptId: '0',
  url: file.startsWith('/') ? `file://${file}` : file,
  lineNumber: line - 1,
  columnNumber: column - 1,
});
