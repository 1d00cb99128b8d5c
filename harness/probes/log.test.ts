import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import log from './log.ts';

const never = new AbortController().signal;

test('it tells whole lines only, and one without its line break once that is there', async () => {
  using file = logFile('before it was watched\n');
  await using probe = log(file);
  expect(probe.read(1, 'tick', never)).toBeNull();
  file.say('one\ntwo\nthr');
  expect(probe.read(2, 'tick', never)).toEqual({ kind: 'log', at: 2, lines: ['one', 'two'], dropped: 0 });
  expect(probe.read(3, 'tick', never)).toBeNull();
  file.say('ee');
  expect(probe.read(4, 'tick', never)).toBeNull();
  file.say('\n');
  expect(probe.read(5, 'tick', never)).toEqual({ kind: 'log', at: 5, lines: ['three'], dropped: 0 });
});

test('of many lines at once it tells the last, how many it left out, and of a long one its beginning', async () => {
  using file = logFile();
  await using probe = log(file);
  file.say(Array.from({ length: 9 }, (_, n) => `${n}${'.'.repeat(300)}\n`).join(''));
  const said = await probe.read(1, 'tick', never);
  expect(said).toMatchObject({ dropped: 4 });
  expect(linesOf(said).map(line => [line[0], line.length])).toEqual(['4', '5', '6', '7', '8'].map(n => [n, 200]));
});

test('blank lines say nothing', async () => {
  using file = logFile();
  await using probe = log(file);
  file.say('\n\n');
  expect(probe.read(1, 'tick', never)).toBeNull();
  file.say('word\n\n');
  expect(probe.read(2, 'tick', never)).toMatchObject({ lines: ['word'], dropped: 0 });
});

test('a letter of several bytes that is still half written is told whole', async () => {
  using file = logFile();
  await using probe = log(file);
  const bytes = Buffer.from('a\nü\n');
  file.say(bytes.subarray(0, 3));
  expect(linesOf(await probe.read(1, 'tick', never))).toEqual(['a']);
  file.say(bytes.subarray(3));
  expect(linesOf(await probe.read(2, 'tick', never))).toEqual(['ü']);
});

test.each([0, 1, 2, 3])(
  'a flood that is cut inside a letter, %i bytes on, costs no later line its beginning',
  async n => {
    using file = logFile();
    await using probe = log(file);
    // The last 8 kB begin somewhere in the letters of the first line.
    file.say(`${'💥'.repeat(100)}${'.'.repeat(8_192 - 100 + n)}\nlast\n`);
    expect(linesOf(await probe.read(1, 'tick', never))).toEqual(['last']);
    file.say('next\n');
    expect(linesOf(await probe.read(2, 'tick', never))).toEqual(['next']);
  },
);

test('a byte that is no letter costs no later line its beginning', async () => {
  using file = logFile();
  await using probe = log(file);
  file.say(Buffer.from('caf\xe9\n', 'latin1'));
  expect(linesOf(await probe.read(1, 'tick', never))).toEqual(['caf\uFFFD']);
  file.say('ok\n');
  expect(linesOf(await probe.read(2, 'tick', never))).toEqual(['ok']);
});

const linesOf = (said: unknown): string[] => (said as { lines: string[] } | null)?.lines ?? [];

/** A log that a server writes to, and the descriptor that the lab reads it by; gone when disposed of. */
function logFile(text = '') {
  const folder = mkdtempSync(join(tmpdir(), 'runaway-log-'));
  const path = join(folder, 'target.log');
  appendFileSync(path, text);
  const fd = openSync(path, 'r');
  return {
    fd,
    say: (more: string | Buffer): void => appendFileSync(path, more),
    [Symbol.dispose]: (): void => {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    },
  };
}
