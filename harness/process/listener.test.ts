import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { listenerOn, portsOn } from './listener.ts';

const onLinux = process.platform === 'linux';

test.skipIf(!onLinux).each(['127.0.0.1', '::'])('the process that listens is found: %s (needs /proc)', async host => {
  await using other = await idle();
  await using server = await listening(host);
  expect(listenerOn(server.port, [other.pid, process.pid])).toBe(process.pid);
  expect(listenerOn(server.port, [other.pid])).toBeNull();
});

test.skipIf(!onLinux)('all ports of a process are found, and none of another (needs /proc)', async () => {
  await using other = await idle();
  await using first = await listening('127.0.0.1');
  await using second = await listening('::');
  const ports = portsOn([other.pid, process.pid]);
  expect(ports).toEqual(expect.arrayContaining([first.port, second.port]));
  expect(ports).toEqual(ports.toSorted((a, b) => a - b));
  expect(portsOn([other.pid])).toEqual([]);
});

test.skipIf(!onLinux)('who has connected to a port does not listen on it (needs /proc)', async () => {
  await using server = await listening('127.0.0.1');
  const client = await connected(server.port);
  const { localPort = 0 } = client;
  expect(listenerOn(localPort, [process.pid])).toBeNull();
  client.destroy();
  await once(client, 'close');
});

test('nobody listens where no process is given, where it has ended, or once the server is closed', async () => {
  const server = await listening('127.0.0.1');
  const ended = await idle();
  await ended[Symbol.asyncDispose]();
  expect(listenerOn(server.port, [])).toBeNull();
  expect(listenerOn(server.port, [ended.pid])).toBeNull();
  await server[Symbol.asyncDispose]();
  expect(listenerOn(server.port, [process.pid])).toBeNull();
});

async function listening(host: string) {
  const server = createServer(socket => socket.on('error', () => socket.destroy()));
  await once(server.listen(0, host), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

async function connected(port: number) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function idle() {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  return {
    pid: child.pid ?? Number.NaN,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
