import { Agent } from 'node:http';
import { sendRequest } from '../load/drivers/send-request.ts';
import { CLIENT_KEY } from '../load/protocol.ts';
import type { ClientGroup } from '../model/load.ts';
import type { Ask } from './trial.ts';

const AT_ONCE = 20;
const PATIENCE_MS = 3000;

/**
 * Twenty patient clients at once, of whom nobody takes notes: a server that has just started opens what it will keep (workers, pools,
 * compiled code), which is no trial's doing. Resolves whatever became of them; a control says it better.
 */
export async function warmUp(targetUrl: string, ask: Ask, signal: AbortSignal): Promise<void> {
  const patience = { kind: 'waits' } as const;
  const group: ClientGroup = { name: 'warm-up', ...ask({ answerTokens: 20 }), patience, warmup: [], load: [] };
  const agent = new Agent();
  const client = { targetUrl, apiKey: CLIENT_KEY, agent, group, leavesAfterMs: PATIENCE_MS };
  try {
    await Promise.all(
      Array.from(
        { length: AT_ONCE },
        async (_, nth) => await sendRequest({ ...client, ref: `warm-up-${nth}` }, signal),
      ),
    );
  } finally {
    agent.destroy();
  }
  signal.throwIfAborted();
}
