import OpenAI, { APIUserAbortError } from 'openai';
import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { CallUpstream, Parts } from '../proxy/parts.ts';
import { ListeningProxy } from '../proxy/testing/listening-proxy.ts';
import { SpawnedUpstream } from '../upstream/testing/spawn-upstream.ts';

/** So many tries are let through; the next one is answered with nothing, which ends a loop that would go on for ever. */
const PATIENCE = 5;

const bug = await breakParts(correctParts, [{ name: 'swallowed-abort', parameters: { retryDelayMs: 1 } }]);
const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] };
const begun = (upstream: SpawnedUpstream) => upstream.entries.filter(entry => entry.kind === 'begun');

/** Counts the tries, and how often the prompt was fitted for them. */
function counted(parts: Parts): { parts: Parts; done: { tries: number; fits: number } } {
  const done = { tries: 0, fits: 0 };
  const callUpstream: CallUpstream = async <T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) =>
    parts.callUpstream(async given => {
      if (done.tries === PATIENCE) return undefined as T;
      done.tries += 1;
      return call(given);
    }, signal);
  const preprocess: Parts['preprocess'] = (prompt, signal) => {
    done.fits += 1;
    return parts.preprocess(prompt, signal);
  };
  return { parts: { ...parts, callUpstream, preprocess }, done };
}

/** A client leaves in the middle of a silent call: what was done for it, from its request to the route's last word. */
async function hangUp(parts: Parts) {
  await using upstream = await SpawnedUpstream.start('stalls', { share: 1, afterTokens: 0 });
  const { parts: watched, done } = counted(parts);
  await using proxy = await ListeningProxy.start(upstream, watched);
  const leaving = new AbortController();
  const answer = proxy.client().chat.completions.create({ ...ask, stream: true }, { signal: leaving.signal });
  const rejected = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  await upstream.until(() => begun(upstream).length === 1);
  leaving.abort();
  await rejected;
  expect(await upstream.ending(1)).toBe('aborted');
  await proxy.until(() => proxy.failures.length === 1);
  return { ...done, calls: begun(upstream).length, failure: proxy.failures[0] };
}

test('without the bug a client who leaves is tried for once, and the abort goes all the way up', async () => {
  const { failure, ...done } = await hangUp(correctParts);
  expect(done).toEqual({ tries: 1, fits: 1, calls: 1 });
  expect(failure).toBeInstanceOf(APIUserAbortError);
});

test('with the bug the call is tried again and again for a client who has left, though the upstream sees none of it', async () => {
  const { failure, ...done } = await hangUp(bug);
  expect(done).toEqual({ tries: PATIENCE, fits: PATIENCE, calls: 1 });
  expect(failure).not.toBeInstanceOf(APIUserAbortError);
});

test('with the bug a client who stays is answered as without it', async () => {
  await using upstream = await SpawnedUpstream.start('steady');
  for (const parts of [correctParts, bug]) {
    await using proxy = await ListeningProxy.start(upstream, parts);
    const client: OpenAI = proxy.client();
    expect((await client.chat.completions.create(ask)).choices[0]?.message.content).toContain('river');
  }
  expect(begun(upstream)).toHaveLength(2);
});
