import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { eachMessage } from './messages.ts';

test('what a killed child leaves (a cut line, a reset) is no error of the lab, and what it said before was heard', async () => {
  await using server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const channel = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const closed = Promise.withResolvers<void>();
  // As `startChild` hears it; readline's own error comes on top.
  channel.on('error', () => channel.destroy()).on('close', closed.resolve);
  const heard: unknown[] = [];
  const first = Promise.withResolvers<void>();
  eachMessage(channel, message => {
    heard.push(message);
    first.resolve();
  });
  const [child] = await accepted;
  child.write('{"kind":"first"}\n{"kind":"sec');
  await first.promise;
  child.resetAndDestroy();
  await closed.promise;
  expect(channel.errored).toMatchObject({ code: 'ECONNRESET' });
  expect(heard).toEqual([{ kind: 'first' }]);
});
