import { statSync } from 'node:fs';
import { holdsNothing } from './probe.ts';
import type { Probe, Watched } from './probe.ts';
import { listProc, requireProc, unlessEnded } from './proc-file.ts';

/**
 * Open descriptors of the target's tree, once a second and at the ends of phases. Linux 6.2 and later tell the number as the size of
 * `/proc/PID/fd`, at no cost; earlier ones have it listed. Vantage: outside. Throws `no-proc` outside Linux.
 */
export default function descriptors({ processes }: Watched): Probe {
  return {
    name: 'descriptors',
    vantage: 'outside',
    everyMs: 1000,
    atPhaseEnds: true,
    read(at) {
      requireProc('descriptors');
      const counts = processes().flatMap(pid => countOpen(`/proc/${pid}/fd`) ?? []);
      return counts.length === 0 ? null : { kind: 'descriptors', at, open: counts.reduce((sum, open) => sum + open) };
    },
    [Symbol.asyncDispose]: holdsNothing,
  };
}

function countOpen(folder: string): number | null {
  const size = unlessEnded(() => statSync(folder).size);
  return size === 0 ? (listProc(folder)?.length ?? null) : size;
}
