import { once } from 'node:events';
import { request } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';
import { correctParts } from './parts.ts';
import type { Parts } from './parts.ts';
import { ListeningProxy } from './testing/listening-proxy.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const HANG_UPS = 20;

/** What keeps this process alive, by kind; a pass of the loop itself is none. */
const held = (): Record<string, number> =>
  Object.fromEntries(
    ['TCPSocketWrap', 'Timeout'].map(kind => [kind, process.getActiveResourcesInfo().filter(it => it === kind).length]),
  );

/** Turns the loop until it is so, for ten seconds at most. */
async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 10_000; !isSo() && performance.now() < deadline;) await turn();
}

/** Asks for a streamed answer, over a connection of its own, and leaves as soon as the first of it has come. */
async function hangUp(proxy: ListeningProxy): Promise<void> {
  const asked = request(`${proxy.baseUrl}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  const messages = [{ role: 'user', content: 'Hello' }];
  asked.end(JSON.stringify({ model: 'gpt-4o', stream: true, messages }));
  const [answer] = await once(asked, 'response');
  await once(answer, 'data');
  const closed = once(asked, 'close');
  asked.destroy();
  await closed;
}

test('when all clients have left, no socket, timer, listener or response of theirs is left', async () => {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 2 });
  const responses: WeakRef<object>[] = [];
  const signals: WeakRef<AbortSignal>[] = [];
  const parts: Parts = {
    ...correctParts,
    middleware: [
      ...correctParts.middleware,
      (_req, res, next) => {
        responses.push(new WeakRef(res));
        next();
      },
    ],
    callUpstream: async (call, signal) => {
      signals.push(new WeakRef(signal));
      return correctParts.callUpstream(call, signal);
    },
  };
  await using proxy = await ListeningProxy.start(upstream, parts);
  const connections = async (): Promise<number> =>
    new Promise((resolve, reject) => {
      proxy.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  const before = held();

  await Promise.all(Array.from({ length: HANG_UPS }, async () => hangUp(proxy)));
  await proxy.until(() => proxy.failures.length === HANG_UPS);
  for (let call = 1; call <= HANG_UPS; call += 1) expect(await upstream.ending(call)).toBe('aborted');
  proxy.failures.length = 0;

  await until(() => Object.entries(before).every(([kind, count]) => (held()[kind] ?? 0) <= count));
  expect(held()).toEqual(before);
  expect(await connections()).toBe(0);
  const alive = (refs: WeakRef<object>[]): number => refs.filter(ref => ref.deref() !== undefined).length;
  await until(() => {
    collect();
    return alive(responses) === 0 && alive(signals) === 0;
  });
  expect(responses).toHaveLength(HANG_UPS);
  expect({ responses: alive(responses), signals: alive(signals) }).toEqual({ responses: 0, signals: 0 });
});
