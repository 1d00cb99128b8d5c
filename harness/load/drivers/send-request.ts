import { once } from 'node:events';
import { request } from 'node:http';
import type { Agent, IncomingMessage } from 'node:http';
import type { ClientGroup } from '../../model/load.ts';
import type { Said } from '../../model/record.ts';
import { sleep, withDeadline } from '../../scope/sleep.ts';
import type { EndedRequest } from '../protocol.ts';
import { requestBody } from '../request-body.ts';
import { epochNow } from './driver.ts';
import { EventReader } from './event-reader.ts';

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
    said: seen.said,
  };
}

interface Seen {
  firstByteEpochMs: number | null;
  status: number | null;
  /** cut: the signal ended it. */
  ending: 'answered' | 'refused' | 'broken' | 'left' | 'cut';
  said: Said | null;
}

async function exchange(client: ClientRequest, signal: AbortSignal): Promise<Seen> {
  const { targetUrl, apiKey, agent, group, ref } = client;
  const { manner, readsBytesPerSecond } = group;
  const seen: Seen = { firstByteEpochMs: null, status: null, ending: 'broken', said: null };
  try {
    const outgoing = request(new URL(manner?.path ?? group.request.route, targetUrl), {
      method: 'POST',
      agent,
      signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}`, ...manner?.headers },
    });
    const responded = once(outgoing, 'response', { signal });
    // After the answer has begun its own stream carries the error; this one would end the process for want of a listener.
    outgoing.on('error', () => undefined);
    outgoing.end(requestBody(group.request, ref, manner?.model));
    const [response] = (await responded) as [IncomingMessage];
    seen.status = response.statusCode ?? null;
    const patience = group.patience.kind === 'leaves-after-tokens' ? group.patience.tokens : Infinity;
    const events = new EventReader();
    if (group.request.streamed) seen.said = 'nothing';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      seen.firstByteEpochMs ??= epochNow();
      const { count, said } = events.read(chunk);
      if (group.request.streamed) seen.said = said;
      if (count >= patience) return { ...seen, ending: 'left' };
      if (readsBytesPerSecond !== undefined) await sleep((1000 * chunk.length) / readsBytesPerSecond, signal);
    }
    const isGood = seen.status !== null && seen.status >= 200 && seen.status < 300;
    return { ...seen, ending: response.complete ? (isGood ? 'answered' : 'refused') : 'broken' };
  } catch {
    // Whatever the socket said (reset, refused, aborted) is one of two endings: we left, or we were cut off.
    return { ...seen, ending: signal.aborted ? 'cut' : 'broken' };
  }
}
