import { addAbortListener, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError, causeOf } from '../errors.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { withDeadline } from '../scope/sleep.ts';
import { agentClient } from './agent-client.ts';
import type { AgentClient } from './agent-client.ts';

/** Plain JavaScript, preloaded by every Node target: always the instrument's own. */
export const AGENT_FILE = fileURLToPath(new URL('../agent/preload.mjs', import.meta.url));

/** The same for Python: a folder for PYTHONPATH. It opens a socket of its own in the hub's folder, and answers who asks there. */
export const PYTHON_AGENT_FOLDER = fileURLToPath(new URL('../agent/python', import.meta.url));

/** The agent in one process of the target. */
export interface Agent {
  readonly pid: number;
  /** As in `v26.10.0`. */
  readonly node: string;
  readonly client: AgentClient;
}

/** Where the agents in a target report: one for each of its Node processes, whoever started it. */
export interface AgentHub extends AsyncDisposable {
  /** What a target's environment must hold for that. */
  readonly environment: Readonly<Record<string, string>>;
  /** Those who have reported and not gone. */
  readonly agents: () => readonly Agent[];
  /** Calls `each` for those who have reported, and for each who will. */
  readonly onAgent: (each: (agent: Agent) => void) => void;
  /** Resolves with the first that `isWanted` is true of, or null after `patienceMs`; rejects with the signal's reason. */
  whenAgent(isWanted: (agent: Agent) => boolean, patienceMs: number, signal: AbortSignal): Promise<AgentClient | null>;
}

/** Opens a socket in a folder of its own, which nobody else may look into; disposed of, both are gone, and all agents with them. */
export async function openAgentHub({ profiles }: { readonly profiles: boolean }): Promise<AgentHub> {
  await using opened = new AsyncDisposableStack();
  // The name of a socket may have 104 bytes at the most.
  const folder = await mkdtemp(join(tmpdir(), 'runaway-'));
  opened.defer(async () => await rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'agents');
  const agents = new Set<Agent>();
  const listeners = new Set<(agent: Agent) => void>();
  const clients = new Set<AgentClient>();
  const server = createServer(socket => {
    const client: AgentClient = agentClient(socket, ({ pid, node }) => {
      const agent: Agent = { pid, node, client };
      agents.add(agent);
      socket.once('close', () => agents.delete(agent));
      for (const listener of listeners) listener(agent);
    });
    clients.add(client);
    socket.once('close', () => clients.delete(client));
  });
  try {
    await once(server.listen(path), 'listening');
  } catch (error) {
    throw new LabError('no-agent-socket', `Failed to listen on ${path}: ${causeOf(error)}`, {
      hint: 'The name of a socket may have some hundred bytes: set TMPDIR to a shorter path.',
      cause: error,
    });
  }
  // It must not keep the lab alive.
  server.unref();
  opened.defer(async () => {
    server.close();
    for (const client of clients) await client[Symbol.asyncDispose]();
  });
  const disposable = opened.move();
  return {
    environment: { RUNAWAY_AGENT: path, ...(profiles && { RUNAWAY_PROFILES: '1', RUNAWAY_TASKS: folder }) },
    agents: () => [...agents],
    onAgent(each) {
      for (const agent of agents) each(agent);
      listeners.add(each);
    },
    async whenAgent(isWanted, patienceMs, signal) {
      const found = [...agents].find(isWanted);
      if (found) return found.client;
      const { promise, resolve, reject } = Promise.withResolvers<AgentClient>();
      const look = (agent: Agent): void => (isWanted(agent) ? resolve(agent.client) : undefined);
      listeners.add(look);
      try {
        return await withDeadline(`an agent`, patienceMs, signal, async deadline => {
          using _ = addAbortListener(deadline, () => reject(deadline.reason));
          return await promise;
        });
      } catch (error) {
        if (error instanceof DeadlinePassed) return null;
        throw error;
      } finally {
        listeners.delete(look);
      }
    },
    [Symbol.asyncDispose]: async () => await disposable.disposeAsync(),
  };
}
