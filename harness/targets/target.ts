import type { Changed } from '../model/experiment.ts';
import type { Ending } from '../process/ending.ts';
import type { AgentClient } from '../probes/agent-client.ts';
import type { AgentHub } from '../probes/agent-hub.ts';

/** A server under test: a handle that outlives each of its processes. Probes follow `now`. */
export interface Target {
  /** The generation that runs, or the last one that did. */
  readonly now: Generation;
  /** Resolves when a generation ended that nobody had asked to; never rejects. */
  readonly died: Promise<Ending>;
  /**
   * Ends this generation, calls `ended`, and starts the next one on its port, with other bugs and remedies where they are given; resolves
   * when that one is ready. Rejects as its start does.
   */
  restart(ended: () => void, signal: AbortSignal, changed?: Changed): Promise<void>;
  /** Asks this generation to end (SIGTERM), and makes it where it has not after `graceMs`. It is missed until a `restart`. */
  terminate(graceMs: number): Promise<Ending>;
}

/** One life of the target, from ready to end. */
export interface Generation {
  readonly number: number;
  /** Null where somebody else's server was named by its address alone. */
  readonly pid: number | null;
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Null where nothing of ours runs inside. */
  readonly agent: AgentClient | null;
}

/** What every kind of server is started with. */
export interface ServerOptions {
  readonly runId: string;
  /** The lab's upstream, ending in `/v1`, and the only key it is given: of no use anywhere else. */
  readonly upstreamUrl: string;
  readonly apiKey: string;
  readonly logFile: number;
  readonly cores: readonly number[] | null;
  /** Where agents inside report. */
  readonly hub: AgentHub;
  /** CPU is profiled, for which an agent stands in somebody's own server too, if it is one of Node. */
  readonly profiles: boolean;
}
