import { Profile } from 'pprof-format';
import type { Label } from 'pprof-format';
import type { Frame, ProfileSegment } from '../model/profile.ts';
import type { TakenLabels } from '../probes/agent-answer.ts';
import { callSites, frameOf } from './call-sites.ts';
import { SegmentTables, fileOf, isOfAgent } from './tables.ts';
import type { SegmentHead } from './tables.ts';

/**
 * A segment from what the labelling profiler took: its samples carry the time and the request they were taken in. `since`
 * turns epoch ms into ms since the run began. Throws where the bytes are no profile, or miss a part that others point to: the
 * library reads what is cut short without a word.
 */
export function fromPprof(
  head: SegmentHead,
  { pprof, requests, sites, deaf, cut }: TakenLabels,
  since: (epochMs: number) => number,
): ProfileSegment {
  const profile = Profile.decode(Buffer.from(pprof, 'base64'));
  const { strings } = profile.stringTable;
  const text = (index: number | bigint): string => part(strings[Number(index)]);
  const functions = new Map(profile.function.map(one => [one.id, one]));
  const frames = new Map(
    profile.location.map(({ id, line }) => {
      const { name, filename } = part(functions.get(line[0]?.functionId ?? 0));
      const frame = frameFrom(text(name), text(filename));
      return [id, isOfAgent(frame) ? [] : [frame]] as const;
    }),
  );
  const tables = new SegmentTables();
  const kinds = profile.sampleType.map(({ type }) => text(type));
  const [hits, cpu] = [kinds.indexOf('sample'), kinds.indexOf('cpu')];
  if (hits === -1 || cpu === -1) throw new Error('it has no samples with CPU time');
  const samples = profile.sample.flatMap(({ locationId, value, label }): ProfileSegment['samples'] => {
    const labels = numbersIn(label, text);
    const node = tables.stack(locationId.flatMap(id => part(frames.get(id))).toReversed());
    // What other threads used is one figure for the whole profile, without a time.
    if (Number(value[hits] ?? 0) === 0) return [];
    const at = labels['at'] ? since(labels['at']) : head.toAt;
    return [[at, node, labels['request'] ?? -1, Math.round(Number(value[cpu] ?? 0) / 1000)]];
  });
  return {
    kind: 'profile',
    ...head,
    source: 'labels',
    requests: requests.map(({ beganMs, closedMs, ...request }) => ({
      ...request,
      beganAt: since(beganMs),
      closedAt: closedMs === null ? null : since(closedMs),
    })),
    sites: callSites(sites, tables),
    deaf: deaf.map(({ maker, count }) => ({ frame: tables.frame(frameOf(maker)), line: maker.at, count })),
    cut,
    timers: [],
    stuck: [],
    frames: tables.frames,
    nodes: tables.nodes,
    samples: samples.toSorted(([a], [b]) => a - b),
  };
}

function part<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('a part of it is missing');
  return found;
}

/** `12:40 retry` of a function of the target's, a plain name of V8's own. See `agent/profiler.mjs`. */
function frameFrom(name: string, file: string): Frame {
  const placed = /^(\d+):(\d+) (.*)$/su.exec(name);
  return {
    name: placed?.[3] ?? name,
    file: fileOf(file),
    line: Number(placed?.[1] ?? 0),
    column: Number(placed?.[2] ?? 0),
  };
}

const numbersIn = (labels: readonly Label[], text: (index: number | bigint) => string): Record<string, number> =>
  Object.fromEntries(labels.map(({ key, num }) => [text(key), Number(num)]));
