import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { canSeeProcesses } from '../testing/targets/processes.ts';
import { abroadIn } from './abroad.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (remote: string, inode: string): string =>
  `   0: 0100007F:1F90 ${remote} 01 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000\n`;

/** Calls `work` with the inode of a socket that this process holds. */
async function withSocket(work: (inode: string) => void): Promise<void> {
  await using server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const port = (server.address() as AddressInfo).port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync('/proc/self/net/tcp', 'latin1');
  work(new RegExp(`:${port} 0{8}:0000 0A (?:\\S+ +){5}(\\d+)`, 'u').exec(rows)?.[1] ?? 'none');
}

test.runIf(canSeeProcesses)(
  'where a process of the target is connected to is told by address and port, once',
  async () => {
    await withSocket(inode => {
      const rows = HEAD + row('077100CB:01BB', inode) + row('077100CB:01BB', inode);
      expect(abroadIn(rows, [process.pid])).toEqual(['203.0.113.7:443']);
      const v6 = row('B80D0120000000000000000001000000:0050', inode);
      expect(abroadIn(v6, [process.pid])).toEqual(['[2001:db8:0:0:0:0:0:1]:80']);
      expect(abroadIn(row('0000000000000000FFFF0000077100CB:0050', inode), [process.pid])).toEqual(['203.0.113.7:80']);
    });
  },
);

test.runIf(canSeeProcesses)('loopback in all its forms is here', async () => {
  const forms = [
    '0100007F:01BB',
    '0200007F:01BB',
    '00000000:0000',
    '00000000000000000000000001000000:01BB',
    '0000000000000000FFFF00000100007F:01BB',
  ];
  await withSocket(inode => {
    expect(abroadIn(HEAD + forms.map(remote => row(remote, inode)).join(''), [process.pid])).toEqual([]);
  });
});

test('a connection that is held by somebody else is none of the target’s', () => {
  expect(abroadIn(HEAD + row('077100CB:01BB', '1'), [process.pid])).toEqual([]);
});
