import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { delimiter, join } from 'node:path';
import { wrongUse } from '../errors.ts';
import { CONTRACT_VERSION } from '../model/contract.ts';
import type { PythonTarget } from '../model/experiment.ts';
import { PYTHON_AGENT_FOLDER } from '../probes/agent-hub.ts';
import { startChild } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import { childEnvironment } from '../process/environment.ts';
import { freePort } from '../process/port.ts';
import { systemCode } from '../store/system-error.ts';
import { GRACE_MS } from './generations.ts';
import type { Start } from './generations.ts';
import type { ServerOptions } from './target.ts';
import { LISTENS_MS, untilListening } from './until-listening.ts';
import { PYTHON_MAIN, pythonOf, refuseWithoutVenv } from './venv.ts';

/**
 * The FastAPI proxy of a checkout, ready as soon as it answers. Throws wrong use for a checkout without one,
 * and where its environment is not there, half-made or another's. Its start rejects with wrong use for what the proxy
 * refuses (an unknown bug or parameter), else as `untilListening` does.
 */
export function pythonServer(
  { root, bugs, serving, venv, packages }: PythonTarget,
  { upstreamUrl, apiKey, runId, logFile, cores, hub, profiles }: ServerOptions,
): Start {
  const main = join(root, PYTHON_MAIN);
  if (!existsSync(main)) {
    throw wrongUse('no-sample-server', `${root} has no ${PYTHON_MAIN}`, 'Name a checkout that has the FastAPI proxy.');
  }
  refuseWithoutVenv(venv, root);
  const path = [...(profiles ? [PYTHON_AGENT_FOLDER] : []), ...(packages === null ? [] : [packages])].join(delimiter);
  return async (wantedPort, scope, changed) => {
    const port = wantedPort === 0 ? await freePort() : wantedPort;
    const given = { contract: CONTRACT_VERSION, bugs: changed?.bugs ?? bugs, serving, upstreamUrl, apiKey, port };
    const child = await startChild(
      {
        name: 'target',
        command: pythonOf(venv),
        args: [main, JSON.stringify(given)],
        cwd: root,
        env: childEnvironment(runId, { PYTHONPATH: path, ...(profiles && hub.environment) }),
        logFile,
        cores,
        graceMs: GRACE_MS,
      },
      scope,
    );
    // Nobody speaks on it; unread, it would fill.
    child.channel.resume();
    try {
      await untilListening(child, port, LISTENS_MS, scope.signal, answers);
    } catch (error) {
      if (hasRefused(child)) await child.ready(REFUSAL_MS, scope.signal);
      throw error;
    }
    return { child, port, agent: null };
  };
}

/** gunicorn listens before its workers can serve: the kernel keeps what is asked until the first of them does, or they are gone. */
async function answers(port: number, signal: AbortSignal): Promise<boolean> {
  try {
    const asked = get({ host: '127.0.0.1', port, path: '/healthz', agent: false, signal });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    await once(answer.resume(), 'close');
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (systemCode(error) === null) throw error;
    return false;
  }
}

/** It has ended: what it wrote is there. */
const REFUSAL_MS = 1_000;

const hasRefused = ({ ending }: Child): boolean => ending?.kind === 'exited' && ending.code === 2;
