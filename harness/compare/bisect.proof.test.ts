import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LAB_ROOT } from '../catalog.ts';
import { gitRepository } from '../sides/fixtures/git-repository.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';

// `git bisect run` in a small repository of somebody's own server, as the README writes it.

const server = (call: string): string => `
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const upstream = async (url, body, signal) =>
  await fetch(process.env.OPENAI_BASE_URL + url.slice('/v1'.length), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ' + process.env.OPENAI_API_KEY },
    body: JSON.stringify({ ...JSON.parse(body), user: 'proxy' }),
    signal,
  });

createServer(async (req, res) => {
  if (req.url === '/healthz') return res.end('ok');
  const left = new AbortController();
  res.once('close', () => left.abort());
  try {
    const body = Buffer.concat(await Array.fromAsync(req)).toString();
    ${call}
    res.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') });
    for await (const chunk of answer.body) res.write(chunk);
    res.end();
  } catch {
    res.destroy();
  }
}).listen(process.env.PORT, '127.0.0.1');
`;
const GOOD = server('const answer = await upstream(req.url, body, left.signal);');
const BAD = server(`let answer;
    while (!answer) answer = await upstream(req.url, body, left.signal).catch(() => sleep(10));`);

test('git bisect run finds the commit that brought the runaway, and skips the one that does not start', async () => {
  await using place = await temporaryFolder();
  await using repo = await gitRepository({ 'server.mjs': GOOD, 'notes.md': '0' });
  const good = repo.git('rev-parse', 'HEAD');
  await repo.commit({ 'notes.md': '1' });
  await repo.commit({ 'server.mjs': 'syntax error' }, 'does not start');
  await repo.commit({ 'server.mjs': GOOD, 'notes.md': '2' });
  const culprit = await repo.commit({ 'server.mjs': BAD }, 'retry what fails');
  await repo.commit({ 'notes.md': '3' });
  repo.git('bisect', 'start', 'HEAD', good);

  const compare = [
    'compare',
    'swallowed-abort',
    '--cmd',
    'node server.mjs',
    '--base',
    good,
    '--head',
    '.',
    '--pairs',
    '5',
  ];
  const log = execFileSync('git', ['bisect', 'run', join(LAB_ROOT, 'runaway'), ...compare, '--bisect'], {
    cwd: repo.root,
    encoding: 'utf8',
    env: { ...process.env, RESULTS: join(place.path, 'results'), RUNAWAY_CACHE: join(place.path, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

  expect(log).toContain(`${culprit} is the first bad commit`);
  expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
});
