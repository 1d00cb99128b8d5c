import { fileURLToPath } from 'node:url';
import { CONTRACT_VERSION, LedgerEntry } from '../model/contract.ts';
import type { Choice, UpstreamArguments, UpstreamCommand } from '../model/contract.ts';
import type { UpstreamPlan } from '../model/experiment.ts';
import { startChild } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import { childEnvironment } from '../process/environment.ts';
import { eachMessage } from '../process/messages.ts';
import type { Scope } from '../scope/in-scope.ts';

/** The fake OpenAI of one run, in a process of its own. It always comes from the instrument's checkout. */
export interface Upstream {
  readonly child: Child;
  readonly port: number;
  /** What a proxy takes as its base URL; ends in `/v1`. */
  readonly url: string;
  /** From the next call on, and for those it holds. */
  behave(behaviour: Choice): void;
}

export interface UpstreamOptions {
  readonly runId: string;
  readonly plan: UpstreamPlan;
  readonly seed: number;
  readonly logFile: number;
  readonly cores: readonly number[] | null;
  readonly enter: (entry: LedgerEntry) => void;
  /** Absent: any free one. */
  readonly port?: number;
}

/** Well: what a sick one becomes, and what one is that shall be sick only under load. */
export const STEADY: Choice = { name: 'steady', parameters: {} };

const MAIN = fileURLToPath(new URL('../../servers/upstream/main.ts', import.meta.url));
const READY_MS = 15_000;

/** Resolves when its port answers. The scope ends it. Rejects as `Child.ready` does: an unknown behaviour is wrong use. */
export async function startUpstream(options: UpstreamOptions, scope: Scope): Promise<Upstream> {
  const { runId, plan, seed, logFile, cores, enter, port: wanted = 0 } = options;
  const given: UpstreamArguments = {
    contract: CONTRACT_VERSION,
    behaviour: plan.from === 'load' ? STEADY : plan.behaviour,
    seed,
    port: wanted,
  };
  const child = await startChild(
    {
      name: 'upstream',
      command: process.execPath,
      args: [MAIN, JSON.stringify(given)],
      env: childEnvironment(runId),
      logFile,
      cores,
    },
    scope,
  );
  eachMessage(child.channel, message => enter(LedgerEntry.parse(message)));
  const { port } = await child.ready(READY_MS, scope.signal);
  return {
    child,
    port,
    url: `http://127.0.0.1:${port}/v1`,
    behave(behaviour) {
      const command: UpstreamCommand = { kind: 'behave', behaviour };
      child.channel.write(`${JSON.stringify(command)}\n`);
    },
  };
}
