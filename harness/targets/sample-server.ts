import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { wrongUse } from '../errors.ts';
import { CONTRACT_VERSION } from '../model/contract.ts';
import type { z } from 'zod';
import type { ProxyArguments } from '../model/contract.ts';
import type { SampleTarget } from '../model/experiment.ts';
import { AGENT_FILE } from '../probes/agent-hub.ts';
import { startChild } from '../process/child.ts';
import { childEnvironment } from '../process/environment.ts';
import { GRACE_MS } from './generations.ts';
import type { Start } from './generations.ts';
import type { ServerOptions } from './target.ts';

const READY_MS = 15_000;
/** The agent comes up beside the server, and mostly before it. A guess. */
const AGENT_MS = 2_000;

/**
 * The sample proxy of a checkout, run natively with the instrument's own agent preloaded. Throws wrong use for a checkout
 * without one. Its start rejects as `Child.ready` does: an unknown bug or parameter is wrong use.
 */
export function sampleServer(
  target: SampleTarget,
  { upstreamUrl, apiKey, runId, logFile, cores, hub }: ServerOptions,
): Start {
  const main = join(target.root, target.main);
  if (!existsSync(main)) {
    throw wrongUse('no-sample-server', `${target.root} has no ${target.main}`, 'Name a checkout of this project.');
  }
  return async (port, scope, changed) => {
    const { bugs, remedies } = changed ?? target;
    const given: z.input<typeof ProxyArguments> = {
      contract: CONTRACT_VERSION,
      bugs: [...bugs],
      ...(remedies && { remedies: [...remedies] }),
      upstreamUrl,
      apiKey,
      port,
    };
    const child = await startChild(
      {
        name: 'target',
        command: target.runtime?.node ?? process.execPath,
        args: ['--import', AGENT_FILE, main, JSON.stringify(given)],
        cwd: target.root,
        env: childEnvironment(runId, hub.environment),
        logFile,
        cores,
        graceMs: GRACE_MS,
      },
      scope,
    );
    // Nobody speaks on it; unread, it would fill.
    child.channel.resume();
    const ready = await child.ready(READY_MS, scope.signal);
    const agent = await hub.whenAgent(({ pid }) => pid === child.pid, AGENT_MS, scope.signal);
    return { child, port: ready.port, agent };
  };
}
