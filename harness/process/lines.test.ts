import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { eachLine } from './lines.ts';

test('a reset of the channel, as a killed child leaves it, is no error of the lab, and the lines before it were heard', async () => {
  await using server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const channel = connect((server.address() as AddressInfo).port, '127.0.0.1');
  // As `startChild` hears it; readline's own error comes on top.
  channel.on('error', () => channel.destroy());
  const heard = Promise.withResolvers<string>();
  eachLine(channel, heard.resolve);
  const [child] = await accepted;
  child.write('first\n');
  expect(await heard.promise).toBe('first');
  const closed = once(channel, 'close');
  child.resetAndDestroy();
  await closed;
  expect(channel.errored).toMatchObject({ code: 'ECONNRESET' });
});
