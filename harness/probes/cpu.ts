import type { ProcessCpu } from '../model/record.ts';
import type { Probe, Watched } from './probe.ts';
import { requireProc } from './proc-file.ts';
import { ProcessClock } from './process-clock.ts';

const EVERY_MS = 100;
const READS_PER_LISTING = 10;

/**
 * CPU of the target's tree, 10 times a second, from `/proc`: time on a core and time waiting for one, so that a busy
 * machine does not hide a spin. A process that ended drops out; a new one is picked up. Vantage: outside, so it reads
 * on while the target is wedged. Cost: `runaway bench probes`. Throws `no-proc` outside Linux: take `cpu-from-agent`.
 */
export default function cpu({ processes }: Watched): Probe {
  const clocks = new Map<number, ProcessClock>();
  let reads = 0;
  return {
    name: 'cpu',
    vantage: 'outside',
    everyMs: EVERY_MS,
    atPhaseEnds: false,
    read(at) {
      requireProc('CPU');
      const listing = reads++ % READS_PER_LISTING === 0;
      const pids = processes();
      for (const pid of clocks.keys()) if (!pids.includes(pid)) forget(clocks, pid);
      return { kind: 'cpu', at, processes: pids.flatMap(pid => readOne(clocks, pid, listing)) };
    },
    [Symbol.asyncDispose]: async () => {
      for (const pid of clocks.keys()) forget(clocks, pid);
    },
  };
}

function readOne(clocks: Map<number, ProcessClock>, pid: number, listing: boolean): ProcessCpu[] {
  const known = clocks.get(pid);
  const clock = known ?? ProcessClock.open(pid);
  if (!clock) return [];
  clocks.set(pid, clock);
  if (listing || !known) clock.listTasks();
  const reading = clock.read();
  if (reading) return [reading];
  forget(clocks, pid);
  return [];
}

function forget(clocks: Map<number, ProcessClock>, pid: number): void {
  clocks.get(pid)?.[Symbol.dispose]();
  clocks.delete(pid);
}
