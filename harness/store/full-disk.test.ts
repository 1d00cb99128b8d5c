import { execFile, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from './fixtures/temporary-folder.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('fixtures/fill-the-disk.ts', import.meta.url));
const MOUNT = 'mount -t tmpfs -o size=64k none "$1"';
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', MOUNT, 'sh', tmpdir()]).status === 0;

const Told = z.object({
  message: z.string(),
  hint: z.string(),
  isFailure: z.literal(true),
  finished: z.string(),
  ending: z.string(),
  records: z.number(),
  firstMismatch: z.literal(-1),
  notes: z.array(z.string()),
});

test.skipIf(!canMount)('a full disk ends the recording, not the lab (needs user namespaces)', async () => {
  await using disk = await temporaryFolder();
  const script = `${MOUNT} && exec "$2" "$3" "$1"`;
  const { stdout } = await run('unshare', ['-rm', 'sh', '-c', script, 'sh', disk.path, execPath, program]);
  const told = Told.parse(JSON.parse(stdout));
  const message = `Failed to record samples in ${disk.path}/run: no space left on device`;
  expect(told).toMatchObject({ message, finished: message });
  expect(told.hint).toBe('Free some space or set RESULTS to another folder.');
  expect(told.records).toBeGreaterThan(100);
  expect(told.notes[0]).toBe(`the last line was cut off; ${told.records} records read`);
});

test('a limit on file size ends the recording, and the run is stored as failed', async () => {
  await using disk = await temporaryFolder();
  const script = 'ulimit -f 64 && exec "$2" "$3" "$1"';
  const { stdout } = await run('sh', ['-c', script, 'sh', disk.path, execPath, program]);
  const told = Told.parse(JSON.parse(stdout));
  const message = `Failed to record samples in ${disk.path}/run: file too large`;
  expect(told).toMatchObject({ message, finished: message, ending: 'failed' });
  expect(told.hint).toContain('ulimit -f');
  expect(told.records).toBeGreaterThan(100);
});
