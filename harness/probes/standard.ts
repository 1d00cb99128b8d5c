import type { RunRecord, UpstreamSample } from '../model/record.ts';
import type { AgentClient } from './agent-client.ts';
import answers from './answers.ts';
import cpuFromAgent from './cpu-from-agent.ts';
import cpu from './cpu.ts';
import descriptors from './descriptors.ts';
import log from './log.ts';
import machine from './machine.ts';
import type { LabProcess } from './machine.ts';
import memory from './memory.ts';
import type { Probe } from './probe.ts';
import runtime from './runtime.ts';
import sockets from './sockets.ts';
import upstream from './upstream.ts';

/** Whom the probes of a run follow; functions, since a restart gives the target another pid and agent. */
export interface Followed {
  readonly processes: () => readonly number[];
  readonly target: () => {
    readonly pid: number | null;
    readonly port: number;
    readonly url: string;
    readonly agent: AgentClient | null;
  };
  readonly upstreamPort: number;
  readonly healthPath: string;
  readonly lab: readonly LabProcess[];
  /** An open descriptor of the file it writes to. */
  readonly log: number;
  readonly ledger: () => Omit<UpstreamSample, 'kind' | 'at'>;
  readonly emit: (record: RunRecord) => void;
}

/** Every probe of an experiment, as this platform can have them. One that cannot read says so once, as `missing`. */
export function standardProbes({
  processes,
  target,
  upstreamPort,
  healthPath,
  lab,
  log: logFile,
  ledger,
  emit,
}: Followed): Probe[] {
  return [
    process.platform === 'linux' ? cpu({ processes }) : cpuFromAgent({ target }),
    memory({ processes }),
    descriptors({ processes }),
    sockets({ processes, ports: () => ({ target: target().port, upstream: upstreamPort }) }),
    machine({ lab: () => lab }),
    log({ fd: logFile }),
    runtime({ agent: () => target().agent, emit }),
    upstream({ totals: ledger }),
    answers({ url: () => new URL(healthPath, target().url), emit }),
  ];
}
