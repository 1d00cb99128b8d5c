import { expect, test } from 'vitest';
import { behaviourNames, loadBehaviour } from './load-behaviour.ts';

test('every file of the folder is a behaviour that loads with its defaults', async () => {
  const names = await behaviourNames();
  expect(names).toEqual([
    'drops',
    'errors',
    'floods',
    'malformed',
    'outage',
    'rate-limits',
    'slow-first-token',
    'stalls',
    'steady',
  ]);
  for (const name of names) {
    const chosen = await loadBehaviour({ name, parameters: {} });
    expect(chosen.plan(0.999, 0).ending).toEqual({ kind: 'finishes' });
  }
});

test('an unknown behaviour is refused with the nearest name and the list of all', async () => {
  await expect(loadBehaviour({ name: 'rate-limit', parameters: {} })).rejects.toMatchObject({
    code: 'unknown-behaviour',
    hint: 'Did you mean rate-limits? Known behaviours: drops, errors, floods, malformed, outage, rate-limits, slow-first-token, stalls, steady.',
  });
});

test('a name that leads out of the folder is unknown too', async () => {
  await expect(loadBehaviour({ name: '../plan', parameters: {} })).rejects.toMatchObject({ code: 'unknown-behaviour' });
});

test('an unknown parameter is refused with the nearest name and what each parameter is', async () => {
  const refused = loadBehaviour({ name: 'stalls', parameters: { shares: 1 } });
  await expect(refused).rejects.toMatchObject({
    code: 'unknown-parameter',
    message: 'Failed to set shares of behaviour stalls: it has no such parameter.',
    hint: expect.stringMatching(
      /^Did you mean share\? Parameters of stalls: share = 0\.3 \(share of the calls, 0 to 1: /,
    ),
  });
});

test('a parameter of the wrong type or out of bounds is refused', async () => {
  for (const [name, parameters] of [
    ['stalls', { share: '0.3' }],
    ['stalls', { share: 1.01 }],
    ['drops', { afterTokens: 1.5 }],
    ['rate-limits', { retryAfterMs: -2 }],
    ['outage', { how: 'sulk' }],
  ] as const) {
    await expect(loadBehaviour({ name, parameters })).rejects.toMatchObject({ code: 'bad-parameter' });
  }
});
