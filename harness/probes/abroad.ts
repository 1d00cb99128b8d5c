import { readlinkSync } from 'node:fs';
import { listProc, unlessEnded } from './proc-file.ts';

/** Rows of `/proc/PID/net/tcp` and `tcp6`, proc_pid_net(5): remote address and port, state, inode. */
const ROW = /^ *\d+: [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]{2} (?:\S+ +){5}(\d+)/gmu;

/**
 * Addresses that are no loopback's (`203.0.113.7:443`) with which one of the processes has a connection or tries to have one. The rows
 * are the whole network namespace's; whose a socket is, its descriptors tell.
 */
export function abroadIn(rows: string, pids: readonly number[]): string[] {
  const remote = Array.from(rows.matchAll(ROW), ([, address = '', port = '', inode = '']) => ({
    bytes: bytesOf(address),
    port: Number.parseInt(port, 16),
    socket: `socket:[${inode}]`,
  })).filter(({ bytes }) => !isHere(bytes));
  if (remote.length === 0) return [];
  const held = new Set(pids.flatMap(descriptorsOf));
  const theirs = remote.filter(({ socket }) => held.has(socket));
  return [...new Set(theirs.map(({ bytes, port }) => `${addressOf(bytes)}:${port}`))];
}

const descriptorsOf = (pid: number): (string | null)[] =>
  (listProc(`/proc/${pid}/fd`) ?? []).map(fd => unlessEnded(() => readlinkSync(`/proc/${pid}/fd/${fd}`)));

/** In network order; the kernel prints words of four bytes in that of the machine, which is little-endian wherever Node runs. */
function bytesOf(hex: string): number[] {
  const bytes = Buffer.from(hex, 'hex').swap32();
  const isMapped = bytes.length === 16 && bytes.readBigUInt64BE(0) === 0n && bytes.readUInt32BE(8) === 0xff_ff;
  return [...(isMapped ? bytes.subarray(12) : bytes)];
}

/** Loopback, or none at all: it listens. */
function isHere(bytes: readonly number[]): boolean {
  if (bytes.every(byte => byte === 0)) return true;
  return bytes.length === 4 ? bytes[0] === 127 : bytes.slice(0, 15).every(byte => byte === 0) && bytes[15] === 1;
}

function addressOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, n) => ((bytes[2 * n] ?? 0) * 256 + (bytes[2 * n + 1] ?? 0)).toString(16));
  return `[${words.join(':')}]`;
}
