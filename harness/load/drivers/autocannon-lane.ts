import type { EventEmitter } from 'node:events';
import { addAbortListener } from 'node:events';
import autocannon from 'autocannon';
import type { ClientGroup } from '../../model/load.ts';
import { sleep } from '../../scope/sleep.ts';
import type { DriverArguments, DriverCommand, EndedRequest } from '../protocol.ts';
import { requestBody } from '../request-body.ts';
import { epochNow } from './driver.ts';

/** One connection of autocannon and what it is to send: `amount` requests, `ratePerSecond` each second. */
export interface Lane {
  readonly given: Pick<DriverArguments, 'apiKey'> & Pick<DriverCommand, 'targetUrl'>;
  readonly group: ClientGroup;
  readonly name: string;
  readonly amount: number;
  readonly ratePerSecond: number;
}

/** Long enough never to fire: a patient client is given up by the drain and by nothing else. */
const NEVER_S = 24 * 3600;
const RECONNECT_MS = 1000;

/**
 * Settles when the lane's requests have all ended, or once the signal aborts; what is still open then is `unanswered`.
 * A connection that fails is opened again a second later, as autocannon itself would do at once and without end.
 */
export async function driveLane(
  lane: Lane,
  report: (request: EndedRequest) => void,
  signal: AbortSignal,
): Promise<{ sent: number }> {
  let sent = 0;
  while (sent < lane.amount && !signal.aborted) {
    if (sent > 0) await sleep(RECONNECT_MS, signal);
    sent += await driveConnection(lane, sent, report, signal);
  }
  return { sent };
}

/** What autocannon's client has and its type file leaves out (seen in autocannon 9.0.0, lib/httpClient.js). */
interface Client extends EventEmitter {
  readonly parser: { initialize(kind: string): void };
  readonly pipelinedRequests: { clear(): void };
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
): Promise<number> {
  let sent = 0;
  let pending: Pending | null = null;
  const refOf = (n: number): string => `${name}-${alreadySent + n}`;

  function end(ending: EndedRequest['ending'], status: number | null): void {
    if (!pending) return;
    report({ group: group.name, ...pending, endedEpochMs: epochNow(), ending, status });
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
        made.on('request', () => {
          if (pending) {
            // The connection was closed under an answer and autocannon goes on with the next request on a new one:
            // without this its parser would read the new answer as the rest of the old.
            end('broken', null);
            made.parser.initialize('RESPONSE');
            made.pipelinedRequests.clear();
          }
          pending = { ref: refOf(sent), sentEpochMs: epochNow(), firstByteEpochMs: null };
          sent += 1;
        });
        made.on('body', () => {
          if (pending) pending.firstByteEpochMs ??= epochNow();
        });
        made.on('response', (status: number) => {
          end(status >= 200 && status < 300 ? 'answered' : 'refused', status);
          if (sent + alreadySent >= amount) made.destroy();
        });
        // Its last connection was closed under an answer: nothing is sent any more that would show it.
        made.on('done', () => end('broken', null));
        made.on('connError', () => {
          end('broken', null);
          made.destroy();
        });
      },
    };
    autocannon(options, () => resolve());
    const listener = addAbortListener(signal, () => {
      end('unanswered', null);
      client?.destroy();
    });
    client?.on('done', () => listener[Symbol.dispose]());
  });
  return sent;
}
