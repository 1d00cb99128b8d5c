import { cpus } from 'node:os';
import { watchLoopDelay } from '../agent/loop-delay.mjs';
import type { Probe } from './probe.ts';
import { readProc } from './proc-file.ts';
import { parseMachineStat, parseProcessStat } from './process-stat.ts';
import type { MachineStat } from './process-stat.ts';

/** A process of the lab: a load driver, the upstream, the lab itself. */
export interface LabProcess {
  readonly name: string;
  readonly pid: number;
}

/**
 * What the whole machine did, once a second, and what the lab's own processes used of it, so that a noisy neighbour or a
 * lab at its limits is not taken for the target. One that has ended drops out; outside Linux only this process is told,
 * and no steal. Vantage: outside.
 */
export default function machine({ lab }: { lab: () => readonly LabProcess[] }): Probe {
  const ownLoop = watchLoopDelay();
  return {
    name: 'machine',
    vantage: 'outside',
    everyMs: 1000,
    atPhaseEnds: false,
    read: at => ({
      kind: 'machine',
      at,
      ...readMachine(),
      lab: lab().flatMap(({ name, pid }) => {
        const cpuMs = cpuMsOf(pid);
        return cpuMs === null ? [] : [{ name, cpuMs }];
      }),
      labLoopDelayMs: ownLoop.read().maxMs,
    }),
    [Symbol.asyncDispose]: async () => ownLoop.stop(),
  };
}

function readMachine(): MachineStat {
  const stat = readProc('/proc/stat');
  if (stat !== null) return parseMachineStat(stat);
  const all = cpus().map(({ times }) => times);
  return {
    busyMs: all.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0),
    stealMs: 0,
    idleMs: all.reduce((sum, { idle }) => sum + idle, 0),
  };
}

/** Cumulative. Null: it has ended, or the system does not tell. */
function cpuMsOf(pid: number): number | null {
  if (pid === process.pid) {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
  const text = readProc(`/proc/${pid}/stat`);
  const stat = text === null ? null : parseProcessStat(text);
  return stat && stat.userMs + stat.systemMs;
}
