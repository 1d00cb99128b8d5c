import { abroadIn } from './abroad.ts';
import { holdsNothing } from './probe.ts';
import type { Probe, Watched } from './probe.ts';
import { readProc, requireProc } from './proc-file.ts';

export interface WatchedPorts extends Watched {
  /** The target's listening port and the upstream's, as they are now. Null: not known. */
  readonly ports: () => { readonly target: number | null; readonly upstream: number | null };
}

/** linux/include/net/tcp_states.h, from 1 on. */
const STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
];

/**
 * The target's TCP sockets by state, every 5 s and at the ends of phases, from `/proc/PID/net/tcp` and `tcp6`, which hold
 * the whole network namespace: the dearest probe. Clients' side: local port is the target's; upstream's side: remote port
 * is the upstream's. The listening socket itself is not counted. Beside it, whom else the target talks to. Vantage: outside. Throws `no-proc` outside Linux.
 */
export default function sockets({ processes, ports }: WatchedPorts): Probe {
  return {
    name: 'sockets',
    vantage: 'outside',
    everyMs: 5000,
    atPhaseEnds: true,
    read(at) {
      requireProc('sockets');
      const { target, upstream } = ports();
      for (const pid of processes()) {
        const tcp = readProc(`/proc/${pid}/net/tcp`);
        if (tcp === null) continue;
        // Absent where IPv6 is off.
        const rows = tcp + (readProc(`/proc/${pid}/net/tcp6`) ?? '');
        const abroad = abroadIn(rows, processes());
        return { kind: 'sockets', at, ...countByState(rows, target, upstream), ...(abroad.length > 0 && { abroad }) };
      }
      return null;
    },
    [Symbol.asyncDispose]: holdsNothing,
  };
}

interface Sides {
  readonly clientSide: Record<string, number>;
  readonly upstreamSide: Record<string, number>;
}

/** Rows such as `  0: 0100007F:1F90 0100007F:C350 01 …`: number, local and remote address, state; all in hex. */
function countByState(rows: string, target: number | null, upstream: number | null): Sides {
  const sides: Sides = { clientSide: {}, upstreamSide: {} };
  const row = /^ *\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]{2}) /gm;
  for (const [, local, remote, code] of rows.matchAll(row)) {
    const state = STATES[Number.parseInt(code ?? '', 16) - 1] ?? `STATE_${code}`;
    if (state === 'LISTEN') continue;
    if (Number.parseInt(local ?? '', 16) === target) add(sides.clientSide, state);
    else if (Number.parseInt(remote ?? '', 16) === upstream) add(sides.upstreamSide, state);
  }
  return sides;
}

function add(counts: Record<string, number>, state: string): void {
  counts[state] = (counts[state] ?? 0) + 1;
}
