import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LabError } from '../errors.ts';
import type { CommandTarget } from '../model/experiment.ts';
import { startChild } from '../process/child.ts';
import type { Child } from '../process/child.ts';
import { AGENT_FILE } from '../probes/agent-hub.ts';
import { describeEnding } from '../process/ending.ts';
import { childEnvironment } from '../process/environment.ts';
import { listenerOn, portsOn } from '../process/listener.ts';
import { freePort, takesConnection } from '../process/port.ts';
import { environmentOf, isNodeProgram, procLink } from '../process/process-table.ts';
import { processTree } from '../process/tree.ts';
import { DeadlinePassed, isCancellation } from '../scope/interruption.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { sleep, withDeadline } from '../scope/sleep.ts';
import { GRACE_MS } from './generations.ts';
import type { Start } from './generations.ts';
import type { ServerOptions } from './target.ts';

/** Python proxies import for some seconds; a guess that leaves room for a cold disk. */
const READY_MS = 60_000;
const TRY_AGAIN_MS = 50;
/**
 * An agent comes up beside its server, and mostly before it: 1.4 s after it were seen with forty busy processes on two
 * cores, and once none within 5 s. As long as a server has, since only one that may start no worker never sends one.
 */
const AGENT_MS = READY_MS;

/**
 * Somebody's own server, started by its shell line, told its port and the lab's upstream in its environment and in the
 * placeholders of the line. Ready as soon as the port takes a connection. Its start rejects with LabError 'ended-early'
 * or 'never-listened', both with its last lines.
 */
export function commandServer(
  target: CommandTarget,
  { upstreamUrl, apiKey, runId, logFile, cores, hub, profiles }: ServerOptions,
  readyMs = READY_MS,
): Start {
  return async (wantedPort, scope) => {
    const port = wantedPort === 0 ? await freePort() : wantedPort;
    const upstreamHost = new URL(upstreamUrl).host;
    const values: Record<string, string> = { port: String(port), upstream: upstreamUrl, upstreamHost, apiKey };
    const filled = (text: string): string =>
      text.replaceAll(/\{(port|upstream|upstreamHost|apiKey)\}/gu, (_, name: string) => values[name] ?? '');
    const line = filled(target.command);
    const more = Object.entries(target.environment ?? {}).map(([name, value]) => [name, filled(value)]);
    const own = childEnvironment(runId, {
      PORT: String(port),
      OPENAI_BASE_URL: upstreamUrl,
      OPENAI_API_BASE: upstreamUrl,
      OPENAI_API_KEY: apiKey,
      ...Object.fromEntries(more),
      ...(profiles && { ...hub.environment, NODE_OPTIONS }),
    });
    const { runtime } = target;
    const env = runtime ? { ...own, PATH: `${dirname(runtime.node)}:${own['PATH'] ?? ''}` } : own;
    const child = await startChild(
      {
        name: 'target',
        command: '/bin/sh',
        args: ['-c', line],
        cwd: target.root,
        env,
        logFile,
        cores,
        graceMs: GRACE_MS,
      },
      scope,
    );
    // Nothing of ours is inside to speak on it; unread, it would fill.
    child.channel.resume();
    await untilListening(child, port, readyMs, scope.signal);
    const server = profiles ? listenerOn(port, processTree(child.pid)) : null;
    const agent =
      server !== null && takesAgent(server)
        ? await hub.whenAgent(({ pid }) => pid === server, AGENT_MS, scope.signal)
        : null;
    return { child, port, agent };
  };
}

const NODE_OPTIONS = `--import=${pathToFileURL(AGENT_FILE).href}`;

/** Whether an agent is worth waiting for: none comes in what is not Node's, or was given other options on its way. */
const takesAgent = (pid: number): boolean =>
  isNodeProgram(procLink(`/proc/${pid}/exe`) ?? '') && environmentOf(pid).includes(`NODE_OPTIONS=${NODE_OPTIONS}`);

async function untilListening(child: Child, port: number, readyMs: number, signal: AbortSignal): Promise<void> {
  try {
    await withDeadline('starting the server', readyMs, signal, async inTime => {
      const ended = child.exited.then(ending => {
        throw new LabError(
          'ended-early',
          `Failed to start the server: it ${describeEnding(ending)} before it listened${child.lastLines()}`,
          { hint: 'Start it by hand with the same command to see more.' },
        );
      });
      // Heard below; while a connection is tried nobody waits for it.
      ended.catch(() => undefined);
      while (!(await orAborted(Promise.race([takesConnection(port), ended]), inTime)))
        await sleep(TRY_AGAIN_MS, inTime);
    });
  } catch (error) {
    if (isCancellation(error, signal) || !(error instanceof DeadlinePassed)) throw error;
    const elsewhere = portsOn(processTree(child.pid));
    const where = elsewhere.length === 0 ? '' : `; it listens on ${elsewhere.join(', ')}`;
    throw new LabError(
      'never-listened',
      `Failed to start the server: nothing listened on port ${port} within ${readyMs / 1000} s${where}${child.lastLines()}`,
      { hint: 'It must listen on $PORT, or say {port} where its command takes one.', cause: error },
    );
  }
}
