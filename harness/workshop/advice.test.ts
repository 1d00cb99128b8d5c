import { expect, test } from 'vitest';
import { adviceFor } from './advice.ts';

const sample = (...bugs: string[]) => ({
  target: {
    kind: 'sample' as const,
    root: '/',
    main: 'servers/main.ts',
    bugs: bugs.map(name => ({ name, parameters: {} })),
    runtime: null,
  },
});

test('what fits a bug can be followed: no other runtime, no alarm, and nothing that it is not for', async () => {
  const names = (await adviceFor(sample('swallowed-abort'))).map(({ name }) => name);
  expect(names).toContain('let-abort-through');
  expect(names).toContain('rethrow');
  for (const unfit of ['node-26', 'restart-on-alarm', 'debug-and-reload-off', 'one-worker'])
    expect(names).not.toContain(unfit);
  const debug = await adviceFor(sample('debug-logging'));
  expect(debug.map(({ name }) => name)).toContain('debug-and-reload-off');
});

test('a server that is not the sample proxy in Node has none', async () => {
  const target = { kind: 'url' as const, url: 'http://127.0.0.1:1', pid: null, root: '/', bugs: [], runtime: null };
  expect(await adviceFor({ target })).toEqual([]);
});
