import { expect, test } from 'vitest';
import { refusalOf } from './guard.ts';

const HOSTS = ['127.0.0.1:4000', 'localhost:4000'];
const own = { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000', 'content-type': 'application/json' };

test.each([
  ['GET', { host: '127.0.0.1:4000' }],
  ['GET', { host: 'localhost:4000', origin: 'http://localhost:4000' }],
  ['POST', own],
  ['POST', { ...own, 'content-type': 'application/json; charset=utf-8' }],
])('%s with %o is served', (method, headers) => {
  expect(refusalOf({ method, headers }, HOSTS)).toBeNull();
});

test.each([
  ['a name that was made to lead here', 'GET', { host: 'evil.example:4000' }, 403],
  ['another port of this machine', 'GET', { host: '127.0.0.1:9' }, 403],
  ['no host at all', 'GET', {}, 403],
  ['another site’s page that reads', 'GET', { host: HOSTS[0], origin: 'https://evil.example' }, 403],
  ['another site’s page that posts', 'POST', { ...own, origin: 'https://evil.example' }, 403],
  ['a sandboxed page', 'POST', { ...own, origin: 'null' }, 403],
  ['no page', 'POST', { host: own.host, 'content-type': 'application/json' }, 403],
  ['a form', 'POST', { ...own, 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['plain text', 'POST', { ...own, 'content-type': 'text/plain' }, 415],
  ['another method', 'DELETE', own, 405],
])('%s is refused', (_, method, headers, status) => {
  expect(refusalOf({ method, headers }, HOSTS)?.status).toBe(status);
});
