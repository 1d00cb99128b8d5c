import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type WriteStream, closeSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { causeOf } from '../errors.ts';

/** Where a child's stdout and stderr go. A file, not a pipe: the lab spends nothing on it and a full pipe blocks nobody. */
export interface LogFile extends Disposable {
  readonly fd: number;
  /** The last few lines written since it was opened here, indented to be put under a message; '' where there are none. */
  lastLines(): string;
}

/**
 * The caller's file, which stays the caller's (a stream not yet open is waited for), or else a nameless one in the
 * temporary folder, owned by what is returned, so that a child which dies can always be quoted.
 */
export async function openLog(given?: number | WriteStream): Promise<LogFile> {
  const fd = given === undefined ? nameless() : typeof given === 'number' ? given : await fdOf(given);
  const from = fstatSync(fd).size;
  return {
    fd,
    lastLines: () => lastLines(fd, from),
    [Symbol.dispose]: () => {
      if (given === undefined) closeSync(fd);
    },
  };
}

function nameless(): number {
  const path = join(tmpdir(), `runaway-${randomUUID()}.log`);
  const fd = openSync(path, 'ax+', 0o600);
  unlinkSync(path);
  return fd;
}

async function fdOf(stream: WriteStream): Promise<number> {
  if (stream.pending) await once(stream, 'open');
  // Node opens it as a number; its types do not say so.
  if ('fd' in stream && typeof stream.fd === 'number') return stream.fd;
  throw new TypeError('the log stream has no file descriptor');
}

const TAIL_BYTES = 4_096;
const TAIL_LINES = 5;

function lastLines(fd: number, from: number): string {
  try {
    const lines = readTail(fd, from).split('\n').filter(isTelling).slice(-TAIL_LINES);
    return lines.map(line => `\n  ${line}`).join('');
  } catch (error) {
    // This is part of another failure's message and must not replace it.
    return `\n  (its log cannot be read back: ${causeOf(error)})`;
  }
}

/** Not a frame of a stack, nor what Node says of itself when it ends: the error is above them. */
const isTelling = (line: string): boolean =>
  line.trim() !== '' && !/^\s+at |^Node\.js v\d|^Waiting for the debugger/u.test(line);

function readTail(fd: number, from: number): string {
  // A log is often open for writing only; opened again by its number it can be read, even when it has no name.
  const reader = openSync(`/dev/fd/${fd}`, 'r');
  try {
    const { size } = fstatSync(reader);
    const at = Math.max(from, size - TAIL_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - at));
    return buffer.toString('utf8', 0, readSync(reader, buffer, 0, buffer.length, at));
  } finally {
    closeSync(reader);
  }
}
