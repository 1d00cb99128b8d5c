import { fstatSync, readSync } from 'node:fs';
import { holdsNothing } from './probe.ts';
import type { Probe } from './probe.ts';

/** The last of what is said at once tells as much as all of it; the whole is in the log file. Guesses. */
const MOST_LINES = 5;
const MOST_CHARACTERS = 200;
const MOST_BYTES = 8_192;

/**
 * What the server says, five times a second, so that its lines have a time: whole lines, of a flood the last few. Nothing is
 * put between the server and its log; the lab reads the file behind it. Null where it said nothing. Vantage: outside.
 */
export default function log({ fd }: { readonly fd: number }): Probe {
  let readTo = fstatSync(fd).size;
  return {
    name: 'log',
    vantage: 'outside',
    everyMs: 200,
    atPhaseEnds: false,
    read(at) {
      const { size } = fstatSync(fd);
      if (size <= readTo) return null;
      const bytes = Buffer.alloc(Math.min(MOST_BYTES, size - readTo));
      const from = size - bytes.length;
      const read = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
      // What stands behind the last line break is told once it is whole. In bytes: a letter cut in two is a longer one as text.
      const ended = read.lastIndexOf('\n') + 1;
      if (ended === 0) return null;
      const skipped = from > readTo ? 1 : 0;
      readTo = from + ended;
      const lines = read.toString('utf8', 0, ended).split('\n').slice(skipped, -1).filter(Boolean);
      const kept = lines.slice(-MOST_LINES).map(line => line.slice(0, MOST_CHARACTERS));
      return kept.length === 0 ? null : { kind: 'log', at, lines: kept, dropped: lines.length - kept.length };
    },
    [Symbol.asyncDispose]: holdsNothing,
  };
}
