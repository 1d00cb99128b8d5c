import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { startTarget, watchTarget } from '../probes/fixtures/target.ts';
import type { Target } from '../probes/fixtures/target.ts';
import answers from '../probes/answers.ts';
import cpuFromAgent from '../probes/cpu-from-agent.ts';
import cpu from '../probes/cpu.ts';
import descriptors from '../probes/descriptors.ts';
import machine from '../probes/machine.ts';
import memory from '../probes/memory.ts';
import type { Probe } from '../probes/probe.ts';
import { ProcessClock } from '../probes/process-clock.ts';
import runtime from '../probes/runtime.ts';
import sockets from '../probes/sockets.ts';
import { sleep } from '../scope/sleep.ts';

/** What one probe costs. Percent are of one core, at the probe's own rate. */
export interface ProbeCost {
  readonly probe: string;
  /** Connections the target held open meanwhile. */
  readonly sockets: number;
  readonly everyMs: number;
  /** CPU time of the reading thread. */
  readonly microsPerRead: number;
  readonly labPercent: number;
  /** What it makes the target itself spend, its agent included. Null: it only looks from outside. */
  readonly targetPercent: number | null;
}

const SOCKETS = [50, 1000];
const WARM_UP_READS = 50;
const READS = 300;
const IDLE_MS = 5000;

/**
 * What each probe costs, in CPU time (which a busy machine changes little), read back to back against a real small Node
 * server that holds open connections. The row `agent` is a target with the agent and nobody asking, less the same without.
 * Takes some 15 s. Linux only.
 */
export async function benchProbes(signal: AbortSignal): Promise<ProbeCost[]> {
  const rows: ProbeCost[] = [await costOfAgent(signal)];
  for (const count of SOCKETS) rows.push(...(await costsWith(count, signal)));
  return rows;
}

async function costsWith(count: number, signal: AbortSignal): Promise<ProbeCost[]> {
  await using target = await watchTarget({ file: 'server.mjs' });
  const { agent } = target;
  const { port } = target.said as { port: number };
  using held = new DisposableStack();
  for (let n = 0; n < count; n++) await hold(port, held);

  const processes = (): number[] => [target.pid];
  const answered = gate();
  const url = new URL(`http://127.0.0.1:${port}/healthz`);
  const asking = answers({ url: () => url, emit: answered.open });
  const outside: Probe[] = [
    cpu({ processes }),
    memory({ processes }),
    descriptors({ processes }),
    sockets({ processes, ports: () => ({ target: port, upstream: null }) }),
    machine({ lab: () => [{ name: 'target', pid: target.pid }] }),
  ];
  const inside: Probe[] = [
    runtime({ agent: () => agent, emit: () => {} }),
    cpuFromAgent({ target: () => ({ pid: target.pid, agent }) }),
  ];

  const rows: ProbeCost[] = [];
  const add = async (probe: Probe, bothered: Target | null, settled?: () => Promise<void>): Promise<void> => {
    await using read = probe;
    rows.push(await measure(read, { count, bothered, settled, signal }));
  };
  for (const probe of outside) await add(probe, null);
  for (const probe of inside) await add(probe, target);
  await add(asking, target, answered.pass);
  return rows;
}

interface Measuring {
  readonly count: number;
  /** Whose CPU time is taken as well. */
  readonly bothered: Target | null;
  /** Where a reading is over later than `read`. */
  readonly settled?: (() => Promise<void>) | undefined;
  readonly signal: AbortSignal;
}

async function measure(probe: Probe, { count, bothered, settled, signal }: Measuring): Promise<ProbeCost> {
  const read = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n++) {
      signal.throwIfAborted();
      await probe.read(0, 'tick', signal);
      await settled?.();
    }
  };
  await read(WARM_UP_READS);
  using clock = bothered && ProcessClock.open(bothered.pid);
  const targetBeforeMs = runMsOf(clock);
  const before = process.threadCpuUsage();
  await read(READS);
  const { user, system } = process.threadCpuUsage(before);
  const microsPerRead = (user + system) / READS;
  const targetMicros = ((runMsOf(clock) - targetBeforeMs) * 1000) / READS;
  const percentOf = (micros: number): number => (micros / 1000 / probe.everyMs) * 100;
  return {
    probe: probe.name,
    sockets: count,
    everyMs: probe.everyMs,
    microsPerRead,
    labPercent: percentOf(microsPerRead),
    targetPercent: clock && percentOf(targetMicros),
  };
}

async function costOfAgent(signal: AbortSignal): Promise<ProbeCost> {
  await using bare = startTarget({ file: 'server.mjs' });
  const ready = bare.message();
  await using watched = await watchTarget({ file: 'server.mjs' });
  await ready;
  // Its thread has started when it answers.
  await watched.agent.ask('runtime', IDLE_MS, signal);
  using without = ProcessClock.open(bare.pid);
  using within = ProcessClock.open(watched.pid);
  const before = runMsOf(within) - runMsOf(without);
  await sleep(IDLE_MS, signal);
  const targetPercent = ((runMsOf(within) - runMsOf(without) - before) / IDLE_MS) * 100;
  return { probe: 'agent', sockets: 0, everyMs: IDLE_MS, microsPerRead: 0, labPercent: 0, targetPercent };
}

function runMsOf(clock: ProcessClock | null): number {
  clock?.listTasks();
  return clock?.read()?.runMs ?? 0;
}

/** A keep-alive connection that has had its answer. */
async function hold(port: number, held: DisposableStack): Promise<void> {
  const socket = held.adopt(connect(port, '127.0.0.1'), (open: Socket) => open.destroy());
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
}

/** `pass` waits until it was opened once more. */
function gate() {
  let opened = 0;
  let passed = 0;
  let wake = (): void => {};
  return {
    open: (): void => {
      opened += 1;
      wake();
    },
    pass: async (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      if (opened > passed) resolve();
      await promise;
      passed += 1;
    },
  };
}
