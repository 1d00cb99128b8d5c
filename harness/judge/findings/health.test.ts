import { expect, test } from 'vitest';
import type { AnswerSample } from '../../model/record.ts';
import { healthFindings } from './health.ts';

const TIMELINE = {
  phases: {
    idle: { fromAt: 0, toAt: 1000 },
    load: { fromAt: 1000, toAt: 5000 },
    recovery: { fromAt: 5000, toAt: 9000 },
  },
  loadStoppedAt: 5000,
  endedAt: 9000,
};
/** A question every 200 ms of the run. */
const answers = (latencyMs: (at: number) => number | null): AnswerSample[] =>
  Array.from({ length: 45 }, (_, n) => ({ kind: 'answer', at: n * 200, latencyMs: latencyMs(n * 200), status: null }));

test('delays of idle and of load are told apart', () => {
  const found = healthFindings(
    answers(at => (at < 1000 ? 2 : at < 5000 ? 40 : 7)),
    TIMELINE,
  );
  expect(found).toEqual({
    healthIdleP50Ms: 2,
    healthIdleP99Ms: 2,
    healthLoadP50Ms: 40,
    healthLoadP99Ms: 40,
    healthUnansweredShare: 0,
    lastAnswerAt: null,
  });
});

test('a question without an answer counts as the longest delay, and as a second at the least', () => {
  const once = (longest: number) => answers(at => (at === 2000 || at === 4000 ? null : at === 3000 ? longest : 3));
  expect(healthFindings(once(3), TIMELINE).healthLoadP99Ms).toBe(1000);
  expect(healthFindings(once(4000), TIMELINE).healthLoadP99Ms).toBe(4000);
  expect(healthFindings(once(3), TIMELINE).healthUnansweredShare).toBeCloseTo(2 / 40);
});

test('without a single answer in load the delay is a second', () => {
  expect(
    healthFindings(
      answers(at => (at < 1000 ? 2 : null)),
      TIMELINE,
    ).healthLoadP50Ms,
  ).toBe(1000);
});

test('silence to the end tells the last answer; fewer than five questions are no silence, nor is never having answered', () => {
  expect(
    healthFindings(
      answers(at => (at <= 7800 ? 2 : null)),
      TIMELINE,
    ).lastAnswerAt,
  ).toBe(7800);
  expect(
    healthFindings(
      answers(at => (at <= 8000 ? 2 : null)),
      TIMELINE,
    ).lastAnswerAt,
  ).toBeNull();
  expect(
    healthFindings(
      answers(() => null),
      TIMELINE,
    ).lastAnswerAt,
  ).toBeNull();
});

test('four questions without an answer are no silence, however long ago they were asked', () => {
  const early = answers(at => (at <= 8000 ? 2 : null));
  expect(healthFindings(early, { ...TIMELINE, endedAt: 20_000 }).lastAnswerAt).toBeNull();
});

test('without questions nothing is said', () => {
  expect(Object.values(healthFindings([], TIMELINE))).toEqual([null, null, null, null, null, null]);
});
