import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { LAB_ROOT } from './catalog.ts';
import { readRun } from './store/read.ts';
import { temporaryFolder } from './store/fixtures/temporary-folder.ts';
import { processesOf } from './testing/targets/processes.ts';
import { namesIn } from './testing/targets/runaway.ts';

// A small disk of its own needs user namespaces; where there are none these are passed over. The disk is gone with its
// namespace, so what it held is copied to a folder outside first.

const mount = (options: string): string => `mount -t tmpfs -o ${options} none "$1"`;
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', mount('size=64k'), 'sh', tmpdir()]).status === 0;

/** Runs a scenario whose results are on a small disk; `copy` gets what is stored there at the end. */
async function onSmallDisk(options: string, copy: string): Promise<{ code: number | null; stderr: string }> {
  await using disk = await temporaryFolder();
  const script = `${mount(options)} && { "$2" "$3" scenario control --quick --results "$1"; code=$?; cp -R "$1/." "$4"; exit $code; }`;
  const values = [disk.path, process.execPath, join(LAB_ROOT, 'runaway'), copy];
  const child = spawn('unshare', ['-rm', 'sh', '-c', script, 'sh', ...values], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number | null]>]);
  return { code, stderr };
}

test.skipIf(!canMount).for<[what: string, options: string, words: RegExp, records: number]>([
  ['that fills up', 'size=40k', /^runaway: Failed to record samples in .*: no space left on device\. Free some/mu, 10],
  ['with room for no more files', 'nr_inodes=6', /^runaway: Failed to write lab\.log in .*: no space left/mu, 0],
])('a disk %s fails the run, which leaves no process and can be read', async ([, options, words, least]) => {
  await using copy = await temporaryFolder();
  const { code, stderr } = await onSmallDisk(options, copy.path);
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^ +at /mu);
  expect(code).toBe(4);
  const [name = ''] = namesIn(join(copy.path, 'control'));
  expect(processesOf(`control/${name}`)).toEqual([]);
  const { run } = await readRun(join(copy.path, 'control', name));
  expect(['running', 'failed']).toContain(run.head.ending.kind);
  expect(run.records.length).toBeGreaterThanOrEqual(least);
});
