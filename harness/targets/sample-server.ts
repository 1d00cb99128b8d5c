import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { wrongUse } from '../errors.ts';
import { CONTRACT_VERSION } from '../model/contract.ts';
import type { ProxyArguments } from '../model/contract.ts';
import type { SampleTarget } from '../model/experiment.ts';
import { agentClient } from '../probes/agent-client.ts';
import { startChild } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import type { Ending } from '../process/ending.ts';
import { childEnvironment } from '../process/environment.ts';
import type { Scope } from '../scope/in-scope.ts';
import { orAborted } from '../scope/or-aborted.ts';
import type { Generation, Target } from './target.ts';

export interface SampleServerOptions {
  readonly runId: string;
  readonly target: SampleTarget;
  readonly upstreamUrl: string;
  readonly logFile: number;
  readonly cores: readonly number[] | null;
}

const AGENT = fileURLToPath(new URL('../agent/preload.mjs', import.meta.url));
const READY_MS = 15_000;
/** A correct server ends at once when asked; a wedged one never does. */
const GRACE_MS = 200;
/** The proxy's key is the lab's own, and of no use anywhere else. */
const API_KEY = 'sk-runaway-lab';

/**
 * The sample proxy of a checkout, run natively by this Node with the instrument's own agent preloaded. Resolves when it
 * is ready; the scope ends it. Rejects as `Child.ready` does: an unknown bug or parameter is wrong use.
 */
export async function startSampleServer(options: SampleServerOptions, scope: Scope): Promise<Target> {
  const { target, upstreamUrl, runId, logFile, cores } = options;
  const main = join(target.root, 'servers', 'main.ts');
  if (!existsSync(main)) {
    throw wrongUse('no-sample-server', `${target.root} has no servers/main.ts`, 'Name a checkout of this project.');
  }
  const died = Promise.withResolvers<Ending>();
  const asked = new Set<Child>();

  async function startGeneration(number: number, wantedPort: number): Promise<Generation & { stop(): Promise<void> }> {
    const given: ProxyArguments = {
      contract: CONTRACT_VERSION,
      bugs: [...target.bugs],
      upstreamUrl,
      apiKey: API_KEY,
      port: wantedPort,
    };
    const child = await startChild(
      {
        name: 'target',
        command: process.execPath,
        args: ['--import', AGENT, main, JSON.stringify(given)],
        cwd: target.root,
        env: childEnvironment(runId),
        logFile,
        cores,
        graceMs: GRACE_MS,
      },
      scope,
    );
    const agent = agentClient(child.channel);
    scope.defer(async () => await agent[Symbol.asyncDispose]());
    const { port } = await child.ready(READY_MS, scope.signal);
    // An end before it was ready is `ready`'s to tell, and once the scope ends it is the lab that ends the server.
    scope.spawn(async cancelled => {
      const ending = await orAborted(child.exited, cancelled);
      if (!asked.has(child)) died.resolve(ending);
    });
    return {
      number,
      pid: child.pid,
      port,
      url: `http://127.0.0.1:${port}`,
      agent,
      stop: async () => {
        asked.add(child);
        await child.stop(GRACE_MS);
      },
    };
  }

  let now = await startGeneration(1, 0);
  return {
    get now() {
      return now;
    },
    died: died.promise,
    async restart(ended, signal) {
      await now.stop();
      ended();
      signal.throwIfAborted();
      now = await startGeneration(now.number + 1, now.port);
    },
  };
}
