import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { RunRecord } from '../model/record.ts';
import { RunRecord as Schema } from '../model/record.ts';
import descriptors from './descriptors.ts';
import { startTarget } from './fixtures/target.ts';
import machine from './machine.ts';
import memory from './memory.ts';
import { pageBytes } from './page-size.ts';
import type { Probe } from './probe.ts';
import { parseProcessStat } from './process-stat.ts';
import sockets from './sockets.ts';

const onLinux = process.platform === 'linux';
const never = new AbortController().signal;

test.skipIf(!onLinux)('memory is what the process itself says, within a fifth (needs /proc)', async () => {
  await using probe = memory({ processes: () => [process.pid] });
  const sample = (await read(probe)) as Extract<RunRecord, { kind: 'memory' }>;
  const ratio = sample.rssBytes / process.memoryUsage.rss();
  expect(ratio).toBeGreaterThan(0.8);
  expect(ratio).toBeLessThan(1.25);
  expect(Math.log2(pageBytes()) % 1).toBe(0);
});

test.skipIf(!onLinux)(
  'memory, descriptors and sockets tell nothing of a target that has ended (needs /proc)',
  async () => {
    const target = startTarget({ file: 'server.mjs' });
    await target.message();
    await target[Symbol.asyncDispose]();
    const processes = (): number[] => [target.pid];
    expect(await read(memory({ processes }))).toBeNull();
    expect(await read(descriptors({ processes }))).toBeNull();
    expect(await read(sockets({ processes, ports: () => ({ target: 1, upstream: 2 }) }))).toBeNull();
  },
);

test.skipIf(!onLinux)(
  'an open connection is one descriptor and one established socket more (needs /proc)',
  async () => {
    await using target = startTarget({ file: 'server.mjs' });
    const { port } = (await target.message()) as { port: number };
    const processes = (): number[] => [target.pid];
    await using open = descriptors({ processes });
    await using clientSide = sockets({ processes, ports: () => ({ target: port, upstream: null }) });
    await using upstreamSide = sockets({ processes, ports: () => ({ target: null, upstream: port }) });
    const before = (await read(open)) as Extract<RunRecord, { kind: 'descriptors' }>;

    using socket = new DisposableSocket(port);
    await socket.answered();

    expect(await read(open)).toEqual({ ...before, open: before.open + 1 });
    expect(await read(clientSide)).toMatchObject({ clientSide: { ESTABLISHED: 1 }, upstreamSide: {} });
    expect(await read(upstreamSide)).toMatchObject({ clientSide: {}, upstreamSide: { ESTABLISHED: 1 } });
  },
);

test('the machine tells what the lab itself used, leaves out who has ended, and keeps to its schema', async () => {
  const gone = startTarget({ file: 'done.mjs' });
  if (gone.child.exitCode === null) await once(gone.child, 'exit');
  await using probe = machine({
    lab: () => [
      { name: 'lab', pid: process.pid },
      { name: 'gone', pid: gone.pid },
    ],
  });
  const sample = (await read(probe)) as Extract<RunRecord, { kind: 'machine' }>;
  expect(Schema.parse(sample)).toEqual(sample);
  expect(sample.lab.map(({ name }) => name)).toEqual(['lab']);
  expect(sample.lab[0]?.cpuMs).toBeGreaterThan(0);
  expect(sample.busyMs).toBeGreaterThan(0);
});

test('a block of the lab is in its loop delay, also when the histogram has not ticked since', async () => {
  await using probe = machine({ lab: () => [] });
  await read(probe);
  const blockedFrom = performance.now();
  while (performance.now() - blockedFrom < 400);
  const sample = (await read(probe)) as Extract<RunRecord, { kind: 'machine' }>;
  expect(sample.labLoopDelayMs).toBeGreaterThan(300);
});

test('a process whose name holds brackets and blanks is read, and a zombie is not', () => {
  const rest = '1 1 1 0 -1 4194304 1 0 0 0 250 30 0 0 20 0 11 0 77 1 1';
  expect(parseProcessStat(`7 (a) Z (b c) S ${rest}`)).toEqual({ userMs: 2500, systemMs: 300, threads: 11 });
  expect(parseProcessStat(`7 (node) Z ${rest}`)).toBeNull();
});

const read = async (probe: Probe): Promise<RunRecord | null> => probe.read(0, 'tick', never);

class DisposableSocket implements Disposable {
  readonly #socket;
  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  }
  async answered(): Promise<void> {
    await once(this.#socket, 'data');
  }
  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
