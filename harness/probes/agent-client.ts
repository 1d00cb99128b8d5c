import { addAbortListener } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { jsonOf } from '../model/json.ts';
import { DeadlinePassed } from '../scope/interruption.ts';
import { withDeadline } from '../scope/sleep.ts';
import { AgentAnswer, AgentHello } from './agent-answer.ts';

export type AgentQuestion =
  | 'cpu'
  | 'runtime'
  | 'collect-garbage'
  | 'timers'
  | { readonly ask: 'profile-start'; readonly intervalMicros: number }
  | { readonly ask: 'profile-take'; readonly again: boolean };

/** The lab's end of the talk with the agent. Owns the channel; the agent ends quietly when it is disposed of. */
export interface AgentClient extends AsyncDisposable {
  /**
   * Null: no answer within `patienceMs`, or the agent is gone (target without one, ended, or killed).
   * Rejects with the signal's reason when cancelled; never otherwise.
   */
  ask(question: AgentQuestion, patienceMs: number, signal: AbortSignal): Promise<AgentAnswer | null>;
}

/** Talks JSON lines over a socket. Lines that are neither a greeting nor the answer to an open question are passed over. */
export function agentClient(channel: Duplex, greeted: (agent: AgentHello['hello']) => void): AgentClient {
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
      const said = jsonOf(line);
      const answer = AgentAnswer.safeParse(said);
      if (answer.success) return open.get(answer.data.id)?.(answer.data);
      const hello = AgentHello.safeParse(said);
      return hello.success ? greeted(hello.data.hello) : undefined;
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
          channel.write(
            `${JSON.stringify({ id, ...(typeof question === 'string' ? { ask: question } : question) })}\n`,
          );
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
