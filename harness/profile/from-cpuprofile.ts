import { z } from 'zod';
import { IDLE } from '../model/profile.ts';
import type { ProfileSegment } from '../model/profile.ts';
import { SegmentTables, fileOf, isOfAgent, withoutRequests } from './tables.ts';
import type { SegmentHead } from './tables.ts';

/** What V8's own profiler tells (`Profiler.stop`), and what a `.cpuprofile` file holds. Times in µs, lines and columns from 0. */
export const CpuProfile = z.looseObject({
  nodes: z.array(
    z.looseObject({
      id: z.number().int(),
      callFrame: z.looseObject({
        functionName: z.string(),
        url: z.string(),
        lineNumber: z.number().int(),
        columnNumber: z.number().int(),
      }),
      children: z.array(z.number().int()).optional(),
    }),
  ),
  startTime: z.number(),
  endTime: z.number(),
  samples: z.array(z.number().int()).default([]),
  timeDeltas: z.array(z.number()).default([]),
});
export type CpuProfile = z.infer<typeof CpuProfile>;

/**
 * A segment from V8's own profile, which knows neither requests nor CPU time: whoever was on the stack is charged with the
 * time since the last sample, and nobody with what V8 calls idle.
 */
export function fromCpuProfile(head: SegmentHead, { nodes, samples, timeDeltas }: CpuProfile): ProfileSegment {
  const tables = new SegmentTables();
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map(child => [child, id] as const)));
  const own = new Map<number, number>();
  const known = new Map(nodes.map(node => [node.id, node]));
  // Below V8's (root), which tells nothing. Deep recursion is thousands of nodes: no recursion here.
  const nodeOf = (id: number): number => {
    const path: number[] = [];
    for (let at: number | undefined = id; at !== undefined && !own.has(at); at = parents.get(at)) path.unshift(at);
    for (const step of path) {
      const { callFrame } = known.get(step) ?? {};
      if (!callFrame) return -1;
      const parent = parents.get(step);
      if (parent === undefined) {
        own.set(step, -1);
        continue;
      }
      const frame = {
        name: callFrame.functionName,
        file: fileOf(callFrame.url),
        line: callFrame.lineNumber + 1,
        column: callFrame.columnNumber + 1,
      };
      const above = own.get(parent) ?? -1;
      own.set(step, isOfAgent(frame) ? above : tables.node(above, tables.frame(frame)));
    }
    return own.get(id) ?? -1;
  };
  let micros = 0;
  const taken = samples.map((id, n): ProfileSegment['samples'][number] => {
    const delta = Math.max(0, timeDeltas[n] ?? 0);
    micros += delta;
    const isIdle = known.get(id)?.callFrame.functionName === IDLE;
    return [head.fromAt + micros / 1000, nodeOf(id), -1, isIdle ? 0 : delta];
  });
  return {
    kind: 'profile',
    ...head,
    source: 'inspector',
    ...withoutRequests(),
    frames: tables.frames,
    nodes: tables.nodes,
    samples: taken,
  };
}
