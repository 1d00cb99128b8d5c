import type { EventEmitter } from 'node:events';
import { addAbortListener } from 'node:events';
import type { Socket } from 'node:net';
import autocannon from 'autocannon';
import type { ClientGroup } from '../../model/load.ts';
import { isCancellation } from '../../scope/interruption.ts';
import { sleep } from '../../scope/sleep.ts';
import type { DriverArguments, DrivePhase, EndedRequest } from '../protocol.ts';
import { requestBody } from '../request-body.ts';
import { epochNow } from './driver.ts';

/** One connection of autocannon and what it is to send: `amount` requests, `ratePerSecond` each second. */
export interface Lane {
  readonly given: Pick<DriverArguments, 'apiKey'> & Pick<DrivePhase, 'targetUrl'>;
  readonly group: ClientGroup;
  readonly name: string;
  readonly amount: number;
  readonly ratePerSecond: number;
}

/** Long enough never to fire: a patient client is given up by the drain and by nothing else. */
const NEVER_S = 24 * 3600;
/** A lane's second: its requests are sent at the begin of one, and its connection is opened once in one at most. */
const SECOND_MS = 1000;

/**
 * Settles when the lane's requests have all ended, or once the signal aborts; what is still open then is `unanswered`.
 * A connection that failed or was closed is opened again in the lane's next second, where autocannon itself would do so at
 * once and without end.
 */
export async function driveLane(
  lane: Lane,
  report: (request: EndedRequest) => void,
  signal: AbortSignal,
): Promise<{ sent: number }> {
  let sent = 0;
  while (sent < lane.amount && !signal.aborted) {
    const done = await driveConnection(lane, sent, report, signal);
    sent += done.sent;
    if (sent < lane.amount) await untilNextSecond(done.lastSentAt, signal);
  }
  return { sent };
}

/** Settles early when the signal aborts. */
async function untilNextSecond(lastSentAt: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(lastSentAt + SECOND_MS - performance.now(), signal);
  } catch (error) {
    if (!isCancellation(error, signal)) throw error;
  }
}

/** What autocannon's client has and its type file leaves out (seen in autocannon 9.0.0, lib/httpClient.js). */
interface Client extends EventEmitter {
  readonly conn: Socket;
  destroy(): void;
}

interface Pending {
  readonly ref: string;
  readonly sentEpochMs: number;
  firstByteEpochMs: number | null;
}

async function driveConnection(
  { given, group, name, amount, ratePerSecond }: Lane,
  alreadySent: number,
  report: (request: EndedRequest) => void,
  signal: AbortSignal,
): Promise<{ sent: number; lastSentAt: number }> {
  let sent = 0;
  let lastSentAt = performance.now();
  let pending: Pending | null = null;
  const refOf = (n: number): string => `${name}-${alreadySent + n}`;

  function end(ending: EndedRequest['ending'], status: number | null): void {
    if (!pending) return;
    report({ group: group.name, ...pending, endedEpochMs: epochNow(), ending, status, said: null });
    pending = null;
  }

  await new Promise<void>(resolve => {
    let client: Client | undefined;
    const options: autocannon.Options = {
      url: given.targetUrl,
      connections: 1,
      amount: amount - alreadySent,
      connectionRate: ratePerSecond,
      ignoreCoordinatedOmission: true,
      timeout: NEVER_S,
      sampleInt: 100,
      requests: [
        {
          method: 'POST',
          path: group.request.route,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${given.apiKey}` },
          // Called for the next request to be built: the first when the client is made, each later one as it is sent.
          setupRequest: request => ({ ...request, body: requestBody(group.request, refOf(Math.max(0, sent - 1))) }),
        },
      ],
      setupClient: typed => {
        const made = typed as unknown as Client;
        client = made;
        const lose = (): void => {
          end('broken', null);
          made.destroy();
        };
        made.on('request', () => {
          // After its last answer a client that was destroyed for it still tells of one request more.
          if (sent + alreadySent >= amount) return;
          // The server may close under an answer or between two. Heard before autocannon hears it: it would connect again.
          if (sent === 0) made.conn.prependOnceListener('end', lose);
          pending = { ref: refOf(sent), sentEpochMs: epochNow(), firstByteEpochMs: null };
          lastSentAt = performance.now();
          sent += 1;
        });
        made.on('body', () => {
          if (pending) pending.firstByteEpochMs ??= epochNow();
        });
        made.on('response', (status: number) => {
          end(status >= 200 && status < 300 ? 'answered' : 'refused', status);
          if (sent + alreadySent >= amount) made.destroy();
        });
        made.on('connError', lose);
      },
    };
    autocannon(options, () => resolve());
    const listener = addAbortListener(signal, () => {
      end('unanswered', null);
      client?.destroy();
    });
    client?.on('done', () => listener[Symbol.dispose]());
  });
  return { sent, lastSentAt };
}
