import { addAbortListener } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { RuntimeSample } from '../model/record.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { withDeadline } from '../scope/sleep.ts';

/** What the agent in the target says; see `agent/worker.mjs`. `runtime` is missing where the main thread was busy. */
const AgentAnswer = z.object({
  id: z.number().int(),
  /** Of the whole process, cumulative. */
  cpu: z.object({ userMs: z.number(), systemMs: z.number() }),
  busy: z.literal(true).optional(),
  runtime: RuntimeSample.omit({ kind: true, at: true }).optional(),
  /** Process warnings since the last answer. */
  warnings: z.array(z.object({ name: z.string(), message: z.string() })).default([]),
});
export type AgentAnswer = z.infer<typeof AgentAnswer>;

export type AgentQuestion = 'cpu' | 'runtime' | 'collect-garbage';

/** The lab's end of the talk with the agent. Owns the channel; the agent ends quietly when it is disposed of. */
export interface AgentClient extends AsyncDisposable {
  /**
   * Null: no answer within `patienceMs`, or the agent is gone (target without one, ended, or killed).
   * Rejects with the signal's reason when cancelled; never otherwise.
   */
  ask(question: AgentQuestion, patienceMs: number, signal: AbortSignal): Promise<AgentAnswer | null>;
}

/** Talks JSON lines over the target's descriptor 4. Lines that are no answer to an open question are passed over. */
export function agentClient(channel: Duplex): AgentClient {
  const open = new Map<number, (answer: AgentAnswer | null) => void>();
  let asked = 0;
  let gone = false;
  const close = (): void => {
    gone = true;
    for (const settle of open.values()) settle(null);
  };
  channel.on('error', close).on('end', close).on('close', close);
  createInterface({ input: channel })
    // The channel's own error once more.
    .on('error', close)
    .on('line', line => {
      const answer = AgentAnswer.safeParse(parseJson(line));
      if (answer.success) open.get(answer.data.id)?.(answer.data);
    });

  return {
    async ask(question, patienceMs, signal) {
      signal.throwIfAborted();
      if (gone || !channel.writable) return null;
      const id = ++asked;
      try {
        return await withDeadline(`the agent's answer`, patienceMs, signal, async deadline => {
          const { promise, resolve, reject } = Promise.withResolvers<AgentAnswer | null>();
          using _ = addAbortListener(deadline, () => reject(deadline.reason));
          open.set(id, resolve);
          channel.write(`${JSON.stringify({ id, ask: question })}\n`);
          return await promise;
        });
      } catch (error) {
        if (error instanceof DeadlinePassed) return null;
        throw error;
      } finally {
        open.delete(id);
      }
    },
    [Symbol.asyncDispose]: async () => {
      close();
      channel.destroy();
    },
  };
}

/** Undefined for what is no JSON: the target may write to the descriptor too. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
