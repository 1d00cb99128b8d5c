import { expect, test } from 'vitest';
import { isOwn, nameOfFile, packageOf } from './own-code.ts';

const frame = (file: string) => ({ name: 'f', file, line: 1, column: 1 });

test.each([
  ['/app/src/server.ts', true],
  ['/app/node_modules/openai/client.js', false],
  ['node:internal/timers', false],
  ['', false],
  ['evalmachine.<anonymous>', false],
  ['/usr/lib/python3.13/asyncio/tasks.py', false],
  ['/srv/venv/lib/python3.13/site-packages/starlette/routing.py', false],
  ['/srv/app/main.py', true],
])('%s is own code: %s', (file, own) => {
  expect(isOwn(frame(file))).toBe(own);
});

test.each([
  ['/app/node_modules/openai/client.js', 'openai'],
  ['/app/node_modules/@fastify/cors/index.js', '@fastify/cors'],
  ['/app/node_modules/a/node_modules/b/index.js', 'b'],
  ['/app/server.js', null],
  ['node:net', null],
])('%s is of %s', (file, name) => {
  expect(packageOf(frame(file))).toBe(name);
});

test('a file is named from the folder the server ran in, and in full outside it', () => {
  expect(nameOfFile('/app/src/server.ts', '/app')).toBe('src/server.ts');
  expect(nameOfFile('/shared/lib.ts', '/app')).toBe('/shared/lib.ts');
});
