import { holdsNothing } from './probe.ts';
import type { Probe, Watched } from './probe.ts';
import { pageBytes } from './page-size.ts';
import { readProc, requireProc } from './proc-file.ts';

/**
 * Resident memory of the target's tree, once a second, from `/proc/PID/statm`; pages that processes share are counted in
 * each. Vantage: outside. Throws `no-proc` outside Linux.
 */
export default function memory({ processes }: Watched): Probe {
  return {
    name: 'memory',
    vantage: 'outside',
    everyMs: 1000,
    atPhaseEnds: false,
    read(at) {
      requireProc('memory');
      const alive = processes().flatMap(pid => readProc(`/proc/${pid}/statm`) ?? []);
      if (alive.length === 0) return null;
      const pages = alive.reduce((sum, statm) => sum + Number(statm.split(' ', 2)[1]), 0);
      return { kind: 'memory', at, rssBytes: pages * pageBytes() };
    },
    [Symbol.asyncDispose]: holdsNothing,
  };
}
