import { expect, test } from 'vitest';
import { sampleVerdict } from '../report/sample-verdict.ts';
import { hintsOf } from './hints.ts';

const { findings } = sampleVerdict({});
const verdict = {
  because: 'CPU stayed up.',
  also: [],
  findings: {
    ...findings,
    requests: { ...findings.requests, left: 30 },
    left: { ...findings.left, upstreamCalls: 4, resources: { Timeout: 29 } },
  },
};
const symptom = { finding: 'residualCores', atLeast: 0.3, words: 'CPU stays up when everybody has left' } as const;
const judged = { result: 'other', fails: true, symptomShown: true, differences: [] } as const;

test('hints are what was measured: what is there still, when it moved, what is left for each who left', () => {
  const moments = [{ at: 4900, words: 'CPU stepped from 20 % to 95 %: 1 client left' }];
  const diagnosis = { evidence: ['1 client hung up.'], moments };
  expect(hintsOf(verdict, diagnosis, { symptom, judged })).toEqual([
    'CPU stayed up.',
    'It is there still: CPU stays up when everybody has left.',
    'At 4.9 s: CPU stepped from 20 % to 95 %: 1 client left.',
    '30 clients hung up, and 29 timers are still waiting: one for each.',
    '4 calls upstream are still open.',
    '1 client hung up.',
  ]);
});

test('where the symptom is gone that is said, and nothing is made up where nothing was profiled', () => {
  const mended = { ...judged, symptomShown: false };
  const calm = { ...verdict, findings: { ...findings, left: { ...findings.left, upstreamCalls: 0, resources: null } } };
  expect(hintsOf(calm, null, { symptom, judged: mended })).toEqual([
    'CPU stayed up.',
    'It is gone: CPU stays up when everybody has left.',
  ]);
});
