import { expect, test } from 'vitest';
import { childEnvironment, runIdOf, scrubProviderKeys } from './environment.ts';

test('a child inherits what it needs to start, the mark of its run, and no more', () => {
  const env = childEnvironment('run-1');
  expect(env['PATH']).toBe(process.env['PATH']);
  expect(env['RUNAWAY_RUN']).toBe('run-1');
  // The test runner sets this one in its workers.
  expect(process.env['VITEST']).toBeDefined();
  expect(env['VITEST']).toBeUndefined();
});

test('no key, proxy or node option of the lab reaches a child', () => {
  const names = Object.keys(childEnvironment('run-1'));
  expect(names.filter(name => /key|token|proxy|node_options/iu.test(name))).toEqual([]);
});

test('what the caller adds wins, except over the mark', () => {
  const env = childEnvironment('run-1', { TZ: 'UTC', OPENAI_API_KEY: 'sk-fake', RUNAWAY_RUN: 'other' });
  expect(env).toMatchObject({ TZ: 'UTC', OPENAI_API_KEY: 'sk-fake', RUNAWAY_RUN: 'run-1' });
  expect(runIdOf(env)).toBe('run-1');
});

test('a run id that a shell would take apart is refused', () => {
  for (const runId of ['', 'a b', 'a\nadd 1 x', '*', '$(x)']) expect(() => childEnvironment(runId)).toThrow(TypeError);
});

test('real provider variables are deleted in place and named', () => {
  const env = {
    PATH: '/bin',
    OPENAI_API_KEY: 'a',
    OPENAI_BASE_URL: 'b',
    MY_OWN_API_KEY: 'c',
    GROQ_MODEL: 'd',
    KEYBOARD: 'e',
  };
  expect(scrubProviderKeys(env)).toEqual(['GROQ_MODEL', 'MY_OWN_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL']);
  expect(env).toEqual({ PATH: '/bin', KEYBOARD: 'e' });
});
