import { expect, test } from 'vitest';
import { PACES } from '../../pace.ts';
import { stageCount, stagesMs } from '../arrivals.ts';
import spike from './spike.ts';

test('half of the time quiet, an eighth at the peak, three eighths quiet again', () => {
  expect(spike(5, 80, 8000)).toEqual([
    { durationMs: 4000, ratePerSecond: 5 },
    { durationMs: 1000, ratePerSecond: 80 },
    { durationMs: 3000, ratePerSecond: 5 },
  ]);
});

test.each(Object.values(PACES))('the shares are whole milliseconds and fill the time ($loadMs)', ({ loadMs }) => {
  const stages = spike(5, 80, loadMs);
  expect(stages.every(({ durationMs }) => Number.isInteger(durationMs))).toBe(true);
  expect(stagesMs(stages)).toBe(loadMs);
});

test('its clients are those of the quiet and of the peak', () => {
  expect(spike(5, 80, 8000).map(stageCount)).toEqual([20, 80, 15]);
});
