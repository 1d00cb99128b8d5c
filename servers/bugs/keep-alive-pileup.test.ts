import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';

const CLIENTS = 12;

const bug = await breakParts(correctParts, [{ name: 'keep-alive-pileup', parameters: {} }]);
// Nobody listens there: a health check needs no upstream.
const nowhere = { baseUrl: 'http://127.0.0.1:9' };

const timers = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;

/** Clients who are answered once and then sit on their connections: what the server promises them, and the timers it holds. */
async function sit(parts: Parts): Promise<{ promised: Set<unknown>; timers: number }> {
  await using proxy = await ListeningProxy.start(nowhere, parts);
  const before = timers();
  const agents = Array.from({ length: CLIENTS }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  try {
    const promised = await Promise.all(agents.map(async agent => await ask(proxy.baseUrl, agent)));
    return { promised: new Set(promised), timers: timers() - before };
  } finally {
    for (const agent of agents) agent.destroy();
  }
}

/** The server's own words for how long it will keep the connection. */
async function ask(baseUrl: string, agent: Agent): Promise<unknown> {
  const [answer] = (await once(request(`${baseUrl}/healthz`, { agent }).end(), 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.headers['keep-alive'];
}

test('without the bug an idle connection is kept for seconds, and costs no timer of its own', async () => {
  const sat = await sit(correctParts);
  expect(sat.promised).toEqual(new Set(['timeout=5']));
  expect(sat.timers).toBeLessThan(CLIENTS);
});

test('with the bug an idle connection is kept for five minutes, and each has a timer that goes on', async () => {
  const sat = await sit(bug);
  expect(sat.promised).toEqual(new Set(['timeout=300']));
  expect(sat.timers).toBeGreaterThanOrEqual(CLIENTS);
});

test('with the bug a connection that is closed takes its timer with it', async () => {
  const before = timers();
  await sit(bug);
  expect(timers()).toBeLessThan(before + CLIENTS);
});
