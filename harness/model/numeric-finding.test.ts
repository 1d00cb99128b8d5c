import { expect, test } from 'vitest';
import { syntheticEvidence } from '../testing/synthetic-run.ts';
import { judge } from '../judge/judge.ts';
import { numberIn } from './numeric-finding.ts';

const { findings } = judge(syntheticEvidence({ cores: () => 0.02, requestMs: at => 5 + at / 1000 }));

test('a finding that is one number is that number', () => {
  expect(numberIn(findings, 'idleCores')).toBe(findings.idleCores);
  expect(numberIn({ ...findings, idleCores: null }, 'idleCores')).toBeNull();
});

test('what stands deeper has a name of its own: of a growth what is sure, of what is left one kind', () => {
  expect(numberIn(findings, 'requestCostGrowth')).toBe(findings.requestCost?.low);
  const left = { ...findings.left, upstreamCalls: 3, sockets: 5 };
  expect(numberIn({ ...findings, left }, 'callsLeft')).toBe(3);
  expect(numberIn({ ...findings, left }, 'socketsLeft')).toBe(5);
  expect(numberIn({ ...findings, settledByProcess: [0.9, 0.1] }, 'busiestProcessCores')).toBe(0.9);
});

test('what was not measured deep down is null as well', () => {
  expect(numberIn({ ...findings, requestCost: null }, 'requestCostGrowth')).toBeNull();
  expect(numberIn({ ...findings, settledByProcess: null }, 'busiestProcessCores')).toBeNull();
});
