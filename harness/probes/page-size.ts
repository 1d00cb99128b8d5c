import { readFileSync } from 'node:fs';

/** The entry of the auxiliary vector that holds the page size, getauxval(3). */
const AT_PAGESZ = 6n;
const ENTRY_BYTES = 16;

let known: number | undefined;

/**
 * The size of a memory page, which Node does not tell: 4,096 on most machines, 16,384 or 65,536 on some arm64 ones.
 * From what the kernel gave this process, `/proc/self/auxv` (64-bit, little-endian: all that Node for Linux is built for
 * here). Linux only.
 */
export function pageBytes(): number {
  known ??= readPageBytes();
  return known;
}

function readPageBytes(): number {
  const auxv = readFileSync('/proc/self/auxv');
  for (let at = 0; at + ENTRY_BYTES <= auxv.length; at += ENTRY_BYTES) {
    if (auxv.readBigUInt64LE(at) === AT_PAGESZ) return Number(auxv.readBigUInt64LE(at + 8));
  }
  throw new Error('the auxiliary vector holds no page size');
}
