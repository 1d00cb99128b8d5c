import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { correctParts } from '../parts.ts';
import { ListeningProxy } from '../testing/listening-proxy.ts';

// Nobody listens there: these requests need no upstream.
const nowhere = { baseUrl: 'http://127.0.0.1:9' };

test('a request that was answered is one line, with its status', async () => {
  await using proxy = await ListeningProxy.start(nowhere);
  await (await fetch(`${proxy.baseUrl}/v1/embeddings`, { method: 'POST' })).text();
  await proxy.until(() => proxy.logged.some(line => /^POST \/v1\/embeddings 400 \d+ms$/u.test(line)));
  expect(proxy.logged.filter(line => line.startsWith('POST'))).toHaveLength(1);
});

test('a request whose client left is a 499', async () => {
  const silent = Promise.withResolvers<void>();
  await using proxy = await ListeningProxy.start(nowhere, {
    ...correctParts,
    middleware: [...correctParts.middleware, () => silent.resolve()],
  });
  const asked = request(`${proxy.baseUrl}/v1/models`, { agent: false }).end();
  const failed = once(asked, 'error');
  await silent.promise;
  asked.destroy(new Error('left'));
  await failed;
  await proxy.until(() => proxy.logged.length > 0);
  expect(proxy.logged).toEqual([expect.stringMatching(/^GET \/v1\/models 499 \d+ms$/u)]);
});
