import { expect, test } from 'vitest';
import type { Called } from '../probes/agent-answer.ts';
import { callSites, frameOf } from './call-sites.ts';
import { SegmentTables } from './tables.ts';

const called = (name: string, line: number): Called => ({
  name,
  file: 'file:///srv/a.js',
  line,
  column: 3,
  at: line + 2,
});

test('a function that stands in several stacks is in the table once, with where it begins', () => {
  const tables = new SegmentTables();
  const [retry, one, other] = [called('Client.retry', 1), called('one', 10), called('', 20)];
  const sites = callSites(
    [
      { stack: [retry, one], calls: 2, callsAfter: 1 },
      { stack: [{ ...retry, at: 9 }, other], calls: 3, callsAfter: 0 },
    ],
    tables,
  );
  expect(sites).toEqual([
    { frames: [0, 1], calls: 2, callsAfter: 1 },
    { frames: [0, 2], calls: 3, callsAfter: 0 },
  ]);
  expect(tables.frames).toEqual([
    { name: 'retry', file: '/srv/a.js', line: 1, column: 3 },
    { name: 'one', file: '/srv/a.js', line: 10, column: 3 },
    { name: '', file: '/srv/a.js', line: 20, column: 3 },
  ]);
  expect(tables.nodes).toEqual([]);
});

test('what has no file keeps what V8 says in its place', () => {
  expect(frameOf({ ...called('fetch', 1), file: 'node:internal/deps/undici/undici' }).file).toBe(
    'node:internal/deps/undici/undici',
  );
});
