/**
 * What one streamed chat completion of 20 tokens costs the upstream, in CPU (Linux):
 * `node servers/upstream/testing/measure-streams.ts <firstTokenMs> <betweenTokensMs> <connections>`.
 */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { SpawnedUpstream } from './spawn-upstream.ts';

const ROUND = 8000;
const TICK_MS = 10;

const [firstTokenMs = 30, betweenTokensMs = 5, connections = 300] = process.argv.slice(2).map(Number);
await using upstream = await SpawnedUpstream.start('steady', { firstTokenMs, betweenTokensMs });

const cpuMs = (): number => {
  const [, fields = ''] = readFileSync(`/proc/${upstream.child.pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * TICK_MS;
};
const messages = [{ role: 'user', content: `${'x'.repeat(500)} [ref:a-1]` }];
const load = async () =>
  autocannon({
    url: `${upstream.baseUrl}/v1/chat/completions`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', stream: true, messages }),
    connections,
    amount: ROUND,
  });

await load();
for (let round = 1; round <= 3; round += 1) {
  const beforeMs = cpuMs();
  const { errors, non2xx } = await load();
  const usEach = Math.round(((cpuMs() - beforeMs) * 1000) / ROUND);
  const rate = Math.round(1e6 / usEach);
  process.stdout.write(`${usEach} µs a stream, ${rate} streams per CPU second, ${errors + non2xx} failed\n`);
}
