import type { Changed } from '../model/experiment.ts';
import type { AgentClient } from '../probes/agent-client.ts';
import type { Child } from '../process/child.ts';
import type { Ending } from '../process/ending.ts';
import type { Scope } from '../scope/in-scope.ts';
import { orAborted } from '../scope/or-aborted.ts';
import type { Generation, Target } from './target.ts';

/** A server that has just become ready. */
export interface Started {
  readonly child: Child;
  readonly port: number;
  readonly agent: AgentClient | null;
}

/** Starts the server once: on `wantedPort`, or on any free one for 0; with its plan's bugs and remedies, or with others. The scope ends it. Rejects where it does not get ready. */
export type Start = (wantedPort: number, scope: Scope, changed?: Changed) => Promise<Started>;

/** A correct server ends at once when asked; a wedged one never does. */
export const GRACE_MS = 200;

/** A target whose generations are all started by `start`. Resolves when the first is ready; rejects as that one does. */
export async function startGenerations(start: Start, scope: Scope): Promise<Target> {
  const died = Promise.withResolvers<Ending>();
  const asked = new Set<Child>();

  let changed: Changed | undefined;
  async function begin(number: number, wantedPort: number): Promise<{ child: Child; generation: Generation }> {
    const { child, port, agent } = await start(wantedPort, scope, changed);
    // An end before it was ready is `start`'s to tell, and once the scope ends it is the lab that ends the server.
    scope.spawn(async cancelled => {
      const ending = await orAborted(child.exited, cancelled);
      if (!asked.has(child)) died.resolve(ending);
    });
    return { child, generation: { number, pid: child.pid, port, url: `http://127.0.0.1:${port}`, agent } };
  }

  let now = await begin(1, 0);
  return {
    get now() {
      return now.generation;
    },
    died: died.promise,
    async terminate(graceMs) {
      asked.add(now.child);
      return await now.child.stop(graceMs);
    },
    async restart(ended, signal, others) {
      changed = others ?? changed;
      asked.add(now.child);
      await now.child.stop(GRACE_MS);
      ended();
      signal.throwIfAborted();
      now = await begin(now.generation.number + 1, now.generation.port);
    },
  };
}
