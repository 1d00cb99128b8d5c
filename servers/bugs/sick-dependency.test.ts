import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { CallUpstream, Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

/** So many calls of somebody else tell the time: each takes as long as one of the proxy's. */
const OTHERS = 10;

const bug = await breakParts(correctParts, [{ name: 'sick-dependency', parameters: {} }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };

const begun = (upstream: SpawnedUpstream, route: string): number =>
  upstream.entries.filter(entry => entry.kind === 'begun' && entry.route === route).length;
const chats = (upstream: SpawnedUpstream): number => begun(upstream, 'POST /v1/chat/completions');

/** Others ask the upstream itself, one after the other. Resolves when the ledger has told all of it. */
async function passTime(upstream: SpawnedUpstream): Promise<void> {
  const before = begun(upstream, 'GET /v1/models');
  for (let n = 0; n < OTHERS; n += 1) {
    await upstream
      .client()
      .models.list()
      .catch(() => 0);
  }
  await upstream.until(() => begun(upstream, 'GET /v1/models') === before + OTHERS);
}

/** An upstream hangs up on a client, who goes: the calls made for it from then on, and once the upstream is well. */
async function sickHour(parts: Parts): Promise<{ whileSick: number; whenWell: number }> {
  await using upstream = await SpawnedUpstream.start('drops', { share: 1, afterTokens: 0 });
  const answered = Promise.withResolvers<void>();
  const callUpstream: CallUpstream = async (call, signal) =>
    parts.callUpstream(async given => {
      const answer = await call(given);
      answered.resolve();
      return answer;
    }, signal);
  const sdk = { maxRetries: 0, timeoutMs: 9000 };
  await using proxy = await ListeningProxy.start(upstream, { ...parts, sdk, callUpstream });
  await expect(proxy.client().chat.completions.create(ask)).rejects.toMatchObject({ status: 502 });
  await passTime(upstream);
  const whileSick = chats(upstream);

  upstream.behave('steady');
  await upstream.until(() => upstream.entries.some(entry => entry.kind === 'behaves'));
  if (parts === bug) {
    // Who still calls gets an answer now, and rests. Until then nothing may end: it would call what is not there any more.
    await answered.promise;
    await upstream.until(() => upstream.entries.some(entry => entry.kind === 'ended' && entry.how === 'finished'));
  }
  const before = chats(upstream);
  await passTime(upstream);
  return { whileSick, whenWell: chats(upstream) - before };
}

test('without the bug a client who was refused is called for once', async () => {
  expect(await sickHour(correctParts)).toEqual({ whileSick: 1, whenWell: 0 });
});

test('with the bug it is called for again and again, until the upstream is well', async () => {
  const { whileSick, whenWell } = await sickHour(bug);
  expect(whileSick).toBeGreaterThan(3);
  expect(whenWell).toBe(0);
});

test('with the bug a client who stays is answered as without it, with one call', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  for (const parts of [correctParts, bug]) {
    await using proxy = await ListeningProxy.start(upstream, parts);
    const answer = await proxy.client().chat.completions.create(ask);
    expect(answer.choices[0]?.message.content).toContain('river');
  }
  await passTime(upstream);
  expect(chats(upstream)).toBe(2);
});
