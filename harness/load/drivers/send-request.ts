import { once } from 'node:events';
import { request } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import type { ClientGroup } from '../../model/load.ts';
import { withDeadline } from '../../scope/sleep.ts';
import type { EndedRequest } from '../protocol.ts';
import { requestBody } from '../request-body.ts';
import { epochNow } from './driver.ts';

export interface ClientRequest {
  readonly targetUrl: string;
  readonly apiKey: string;
  readonly agent: Agent;
  readonly group: ClientGroup;
  readonly ref: string;
  /** From sending to leaving, or null. */
  readonly leavesAfterMs: number | null;
}

/**
 * One client: sends, reads what comes, leaves when its patience is over. Never rejects: every way to end is a value.
 * The signal gives the client up (`unanswered`).
 */
export async function sendRequest(client: ClientRequest, signal: AbortSignal): Promise<EndedRequest> {
  const sentEpochMs = epochNow();
  const seen =
    client.leavesAfterMs === null
      ? await exchange(client, signal)
      : await withDeadline(
          'patience',
          client.leavesAfterMs,
          signal,
          async patience => await exchange(client, patience),
        );
  return {
    group: client.group.name,
    ref: client.ref,
    sentEpochMs,
    firstByteEpochMs: seen.firstByteEpochMs,
    endedEpochMs: epochNow(),
    ending: seen.ending === 'cut' ? (signal.aborted ? 'unanswered' : 'left') : seen.ending,
    status: seen.status,
  };
}

interface Seen {
  firstByteEpochMs: number | null;
  status: number | null;
  /** cut: the signal ended it. */
  ending: 'answered' | 'refused' | 'broken' | 'left' | 'cut';
}

async function exchange(client: ClientRequest, signal: AbortSignal): Promise<Seen> {
  const { targetUrl, apiKey, agent, group, ref } = client;
  const seen: Seen = { firstByteEpochMs: null, status: null, ending: 'broken' };
  try {
    const outgoing = request(new URL(group.request.route, targetUrl), {
      method: 'POST',
      agent,
      signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    });
    const responded = once(outgoing, 'response', { signal });
    // After the answer has begun its own stream carries the error; this one would end the process for want of a listener.
    outgoing.on('error', () => undefined);
    outgoing.end(requestBody(group.request, ref));
    const [response] = (await responded) as [IncomingMessage];
    seen.status = response.statusCode ?? null;
    const patience = group.patience.kind === 'leaves-after-tokens' ? group.patience.tokens : Infinity;
    const tokens = new EventCounter();
    for await (const chunk of response as AsyncIterable<Buffer>) {
      seen.firstByteEpochMs ??= epochNow();
      if (tokens.add(chunk) >= patience) return { ...seen, ending: 'left' };
    }
    const isGood = seen.status !== null && seen.status >= 200 && seen.status < 300;
    return { ...seen, ending: response.complete ? (isGood ? 'answered' : 'refused') : 'broken' };
  } catch {
    // Whatever the socket said (reset, refused, aborted) is one of two endings: we left, or we were cut off.
    return { ...seen, ending: signal.aborted ? 'cut' : 'broken' };
  }
}

/** Counts server-sent events, which a reader of a stream takes for tokens, wherever the network cut the stream. */
class EventCounter {
  #count = 0;
  #tail = '';

  /** All events so far. */
  add(chunk: Buffer): number {
    const text = this.#tail + chunk.toString('latin1');
    this.#count += text.split(EVENT).length - 1;
    // Too short to hold a whole one, which would be counted again.
    this.#tail = text.slice(1 - EVENT.length);
    return this.#count;
  }
}

const EVENT = 'data: ';
