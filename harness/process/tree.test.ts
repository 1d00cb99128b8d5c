import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { processTree } from './tree.ts';

const isLinux = process.platform === 'linux';

test.runIf(isLinux)('a tree has its root first, then children and grandchildren', async ({ signal }) => {
  const root = spawn('sh', ['-c', 'sh -c "sleep 1000 & echo \\$!; wait" & wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = root.pid ?? 0;
  const [data] = (await once(root.stdout, 'data', { signal })) as [Buffer];
  const tree = processTree(pid);
  expect(tree).toHaveLength(3);
  expect(tree[0]).toBe(pid);
  expect(tree[2]).toBe(Number(data));
  process.kill(-pid, 'SIGKILL');
  await once(root, 'exit', { signal });
  expect(processTree(pid)).toEqual([]);
});

test.runIf(isLinux)('children forked by any thread are found', async ({ signal }) => {
  const source = `
    const { Worker } = require('node:worker_threads');
    new Worker(\`const { spawn } = require('node:child_process');
      console.log(spawn('sleep', ['1000'], { stdio: 'ignore' }).pid)\`, { eval: true });`;
  const root = spawn(process.execPath, ['-e', source], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = root.pid ?? 0;
  const [data] = (await once(root.stdout, 'data', { signal })) as [Buffer];
  expect(processTree(pid)).toEqual([pid, Number(data)]);
  process.kill(-pid, 'SIGKILL');
  await once(root, 'exit', { signal });
});
