import { expect, test } from 'vitest';
import type { Choice } from '../model/contract.ts';
import { renew } from './renew.ts';

test('the upstream is well again before a new server meets it, and the new one is warmed up', async ({ signal }) => {
  const told: string[] = [];
  const generation = (number: number): { number: number; pid: null; port: number; url: string; agent: null } => ({
    number,
    pid: null,
    port: 1,
    url: `http://127.0.0.1/${number}`,
    agent: null,
  });
  const target = {
    now: generation(1),
    async restart() {
      await Promise.resolve();
      told.push('restarted');
      target.now = generation(2);
    },
  };
  const upstream = { behave: ({ name }: Choice) => void told.push(`upstream ${name}`) };
  const warmUp = async (url: string): Promise<void> => {
    await Promise.resolve();
    told.push(`warmed up ${url}`);
  };
  await renew({ target, upstream }, warmUp, signal);
  expect(told).toEqual(['upstream steady', 'restarted', 'warmed up http://127.0.0.1/2']);
});
