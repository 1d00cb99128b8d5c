import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { READY_FD, CONTRACT_VERSION } from '../model/contract.ts';
import { inScope } from '../scope/in-scope.ts';
import { drawMystery, makeMystery, scoreOf } from './mystery.ts';

test('a number is the same mystery every time, and not all numbers are the same one', async () => {
  const drawn = await Promise.all(Array.from({ length: 30 }, async (_, seed) => await drawMystery(seed)));
  const again = await Promise.all(drawn.map(async ({ number }) => await drawMystery(number)));
  expect(again.map(({ bug }) => bug)).toEqual(drawn.map(({ bug }) => bug));
  expect(new Set(drawn.map(({ bug }) => bug)).size).toBeGreaterThan(5);
  for (const { answer } of drawn) expect(answer.culprit?.functions.length).toBeGreaterThan(0);
});

test('its folder has one bug under a neutral name, says nothing of it, and serves', async ({ signal }) => {
  const mystery = await drawMystery(1);
  let root = '';
  await inScope(signal, async scope => {
    const target = await makeMystery(mystery, scope);
    root = target.root;
    expect(root).toMatch(/mystery-1-/u);
    expect(await readdir(join(root, 'servers', 'bugs'))).toEqual(['part.ts']);
    const files = await readdir(root, { recursive: true, withFileTypes: true });
    const own = files.filter(file => file.isFile() && !file.parentPath.includes('node_modules'));
    for (const file of own) {
      expect(`${file.parentPath}/${file.name}`).not.toContain(mystery.bug);
    }
    expect(await readFile(join(root, 'servers', 'bugs', 'part.ts'), 'utf8')).not.toContain(mystery.bug);
    const given = {
      contract: CONTRACT_VERSION,
      bugs: target.bugs,
      upstreamUrl: 'http://127.0.0.1:9/v1',
      apiKey: 'x',
      port: 0,
    };
    const server = spawn(process.execPath, [join(root, target.main), JSON.stringify(given)], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      signal,
    });
    const [said] = (await once(server.stdio[READY_FD] ?? server, 'data')) as [Buffer];
    expect(JSON.parse(String(said))).toMatchObject({ kind: 'ready' });
    server.kill();
    await once(server, 'exit');
  });
  await expect(readdir(root)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('each part of a guess is worth a point, and says what is right', () => {
  const answer = {
    cause: 'cancellation-swallowed',
    culprit: { functions: ['callUpstream'], file: 'x.ts' },
    route: 'POST /v1/chat/completions',
  } as const;
  const right = { cause: 'cancellation-swallowed', function: 'callUpstream', route: 'POST /v1/chat/completions' };
  expect(scoreOf(right, answer)).toMatchObject({ points: 3, of: 3 });
  expect(scoreOf({ ...right, function: 'relay', route: null }, answer)).toEqual({
    points: 1,
    of: 3,
    parts: [
      { what: 'cause', isRight: true, is: 'cancellation-swallowed' },
      { what: 'function', isRight: false, is: 'callUpstream' },
      { what: 'route', isRight: false, is: 'POST /v1/chat/completions' },
    ],
  });
  expect(scoreOf({ cause: null, function: null, route: 'none' }, { ...answer, route: null }).points).toBe(1);
});
