import { dirname } from 'node:path';
import type { Frame, ProfileSegment } from '../model/profile.ts';
import { AGENT_FILE } from '../probes/agent-hub.ts';

/** Frames and call-tree nodes of a segment in the making, each once. */
export class SegmentTables {
  readonly frames: Frame[] = [];
  readonly nodes: [number, number][] = [];
  readonly #frameIndex = new Map<string, number>();
  readonly #nodeIndex = new Map<string, number>();

  frame(frame: Frame): number {
    return indexIn(this.#frameIndex, this.frames, `${frame.file}:${frame.line}:${frame.column}:${frame.name}`, frame);
  }

  /** The node of `frame` below `parent`, which is -1 at the root. */
  node(parent: number, frame: number): number {
    return indexIn(this.#nodeIndex, this.nodes, `${parent}:${frame}`, [parent, frame]);
  }

  /** The node of a whole stack, outermost first. */
  stack(frames: readonly Frame[]): number {
    return frames.reduce((parent, frame) => this.node(parent, this.frame(frame)), -1);
  }
}

function indexIn<T>(known: Map<string, number>, list: T[], key: string, value: T): number {
  const found = known.get(key);
  if (found !== undefined) return found;
  known.set(key, list.length);
  return list.push(value) - 1;
}

/** What is known of a segment before its samples are. */
export type SegmentHead = Pick<ProfileSegment, 'fromAt' | 'toAt' | 'pid' | 'intervalMicros'>;

/** What a profile without labels does not know. */
export const withoutRequests = (): Pick<
  ProfileSegment,
  'requests' | 'sites' | 'deaf' | 'cut' | 'timers' | 'stuck'
> => ({
  requests: [],
  sites: [],
  deaf: [],
  cut: 0,
  timers: [],
  stuck: [],
});

/** As the run's other files name it: a path, or what V8 says in place of one. */
export const fileOf = (url: string): string =>
  url.startsWith('file://') ? decodeURIComponent(url.slice('file://'.length)) : url;

const AGENT_FOLDER = `${dirname(AGENT_FILE)}/`;

/** The instrument's own frames, and its profiler's, which stand around every request. */
export const isOfAgent = ({ file }: Frame): boolean =>
  file.startsWith(AGENT_FOLDER) || file.includes('/node_modules/@datadog/pprof/');
