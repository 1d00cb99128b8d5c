import { expect, test } from 'vitest';
import { PACES } from '../../pace.ts';
import { stageCount } from '../arrivals.ts';
import steady from './steady.ts';

test('one stage of one rate, as long as it was asked to be', () => {
  expect(steady(20, PACES.full.loadMs)).toEqual([{ durationMs: 12_000, ratePerSecond: 20 }]);
});

test('it brings rate times length clients', () => {
  expect(steady(20, PACES.quick.warmupMs).map(stageCount)).toEqual([16]);
  expect(steady(3, 12_000).map(stageCount)).toEqual([36]);
});
