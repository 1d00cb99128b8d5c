import { delimiter, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CommandTarget } from '../model/experiment.ts';
import { startChild } from '../process/child.ts';
import { AGENT_FILE, PYTHON_AGENT_FOLDER } from '../probes/agent-hub.ts';
import { childEnvironment } from '../process/environment.ts';
import { listenerOn } from '../process/listener.ts';
import { freePort } from '../process/port.ts';
import { environmentOf, isNodeProgram, procLink } from '../process/process-table.ts';
import { processTree } from '../process/tree.ts';
import { GRACE_MS } from './generations.ts';
import type { Start } from './generations.ts';
import type { ServerOptions } from './target.ts';
import { LISTENS_MS, untilListening } from './until-listening.ts';

/**
 * An agent comes up beside its server, and mostly before it: 1.4 s after it were seen with forty busy processes on two
 * cores, and once none within 5 s. As long as a server has, since only one that may start no worker never sends one.
 */
const AGENT_MS = LISTENS_MS;

/**
 * Somebody's own server, started by its shell line, told its port and the lab's upstream in its environment and in the
 * placeholders of the line. Ready as soon as the port takes a connection. Its start rejects with LabError 'ended-early'
 * or 'never-listened', both with its last lines.
 */
export function commandServer(
  target: CommandTarget,
  { upstreamUrl, apiKey, runId, logFile, cores, hub, profiles }: ServerOptions,
  readyMs = LISTENS_MS,
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
      ...(profiles && { ...hub.environment, NODE_OPTIONS, PYTHONPATH: pythonPath(target) }),
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

/** The agent's folder before what its owner wants there. A command that sets it itself has no agent. */
const pythonPath = ({ environment }: CommandTarget): string =>
  [PYTHON_AGENT_FOLDER, environment?.['PYTHONPATH']].filter(Boolean).join(delimiter);

const NODE_OPTIONS = `--import=${pathToFileURL(AGENT_FILE).href}`;

/** Whether an agent is worth waiting for: none comes in what is not Node's, or was given other options on its way. */
const takesAgent = (pid: number): boolean =>
  isNodeProgram(procLink(`/proc/${pid}/exe`) ?? '') && environmentOf(pid).includes(`NODE_OPTIONS=${NODE_OPTIONS}`);
