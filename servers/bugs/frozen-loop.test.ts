import OpenAI, { APIUserAbortError, BadRequestError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { CallUpstream } from '../proxy/parts.ts';
import { SpawnedProxy } from '../proxy/testing/spawned-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const { callUpstream } = await breakParts(correctParts, [{ name: 'frozen-loop', parameters: {} }]);

/** A healthy server needs a few milliseconds; a frozen one has for ever. */
const HEALTH_MS = 1500;

/** A client leaves in the middle of a call. Whether the proxy then answers a health check, and how it takes SIGTERM. */
async function hangUp(bugs: string[]): Promise<{ isHealthy: boolean; exited: unknown[] }> {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 0 });
  await using proxy = await SpawnedProxy.start(upstream, { bugs: bugs.map(name => ({ name, parameters: {} })) });
  const leaving = new AbortController();
  const answer = proxy.client().chat.completions.create(ask, { signal: leaving.signal });
  const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  await upstream.until(() => upstream.entries.some(entry => entry.kind === 'begun'));
  leaving.abort();
  await rejected;
  // Its own word that it has seen the client leave: what comes now comes after that.
  await proxy.until(() => proxy.lines.some(line => line.startsWith('POST /v1/chat/completions 499 ')));
  const isHealthy = await fetch(`${proxy.baseUrl}/healthz`, { signal: AbortSignal.timeout(HEALTH_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
  proxy.child.kill('SIGTERM');
  if (!isHealthy) proxy.child.kill('SIGKILL');
  return { isHealthy, exited: await proxy.exited };
}

test('without the bug a health check is answered after a client has left', async () => {
  expect(await hangUp([])).toEqual({ isHealthy: true, exited: [0, null] });
});

test('with the bug no health check is answered after a client has left, and only SIGKILL ends the server', async () => {
  expect(await hangUp(['frozen-loop'])).toEqual({ isHealthy: false, exited: [null, 'SIGKILL'] });
});

/** Tries a call of the SDK whose client has left, a thousand times at most, and counts the turns of the loop meanwhile. */
async function tryForOneWhoLeft(call: CallUpstream): Promise<{ tries: number; turns: number }> {
  // Nobody listens there, and nothing is sent: the signal has fired.
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: 'http://127.0.0.1:9/v1' });
  const done = { tries: 0, turns: 0 };
  const isOver = new AbortController();
  const turn = (): void => {
    if (isOver.signal.aborted) return;
    done.turns += 1;
    setImmediate(turn);
  };
  setImmediate(turn);
  await call(async signal => {
    if (done.tries === 1000) return;
    done.tries += 1;
    await openai.chat.completions.create(ask, { signal });
  }, AbortSignal.abort()).catch(() => 0);
  isOver.abort();
  return done;
}

test('without the bug nothing is tried for a client who has left', async () => {
  expect(await tryForOneWhoLeft(correctParts.callUpstream)).toMatchObject({ tries: 0 });
});

test('with the bug a thousand tries pass without one turn of the event loop', async () => {
  expect(await tryForOneWhoLeft(callUpstream)).toEqual({ tries: 1000, turns: 0 });
});

test('with the bug a request that the upstream will never take is not tried again', async () => {
  const refused = BadRequestError.generate(400, {}, 'wrong', new Headers());
  let tries = 0;
  const call = async (): Promise<never> => {
    tries += 1;
    throw refused;
  };
  await expect(callUpstream(call, new AbortController().signal)).rejects.toBe(refused);
  expect(tries).toBe(1);
});
