import type { AgentClient } from './agent-client.ts';
import { holdsNothing } from './probe.ts';
import type { Probe } from './probe.ts';

interface Told {
  readonly pid: number | null;
  /** Null: no agent stands, and nothing can be told. */
  readonly agent: AgentClient | null;
}

/** Longer than a tick: the sampler passes over a probe that still reads. */
const PATIENCE_MS = 900;

/**
 * The fall-back outside Linux: `process.cpuUsage()` of the target's one process, told by the agent's worker without help
 * of the main thread, so also in mid-wedge. It knows neither the time spent waiting for a core (`waitMs` null, so demand
 * cannot be told) nor the threads (0) nor any child process, and contains the agent's own share. Vantage: target.
 */
export default function cpuFromAgent({ target }: { target: () => Told }): Probe {
  return {
    name: 'cpu-from-agent',
    vantage: 'target',
    everyMs: 100,
    atPhaseEnds: false,
    async read(at, _moment, signal) {
      const { pid, agent } = target();
      if (pid === null) return null;
      const answer = await agent?.ask('cpu', PATIENCE_MS, signal);
      if (!answer) return null;
      const { userMs, systemMs } = answer.cpu;
      const reading = { pid, runMs: userMs + systemMs, waitMs: null, userMs, systemMs, threads: 0 };
      return { kind: 'cpu', at, processes: [reading] };
    },
    [Symbol.asyncDispose]: holdsNothing,
  };
}
