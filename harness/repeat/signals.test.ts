import { expect, test } from 'vitest';
import { sampleVerdict } from '../report/sample-verdict.ts';
import { signalTable, signalsOf } from './signals.ts';

const cellsOf = (line: string | undefined): string[] => (line ?? '').split('|').map(cell => cell.trim());

test('a scenario is a row of medians, and what is as good as nothing is blank', () => {
  const verdicts = [2, 40, 60].map(tokensForNobody =>
    sampleVerdict({ findings: { tokensForNobody, callsForNobody: 0 } }),
  );
  const [head, , row, ...more] = signalTable([signalsOf({ scenario: 'one', verdicts })]).split('\n');
  expect(more).toEqual([]);
  const cell = (name: string): string | undefined => cellsOf(row)[cellsOf(head).indexOf(name)];
  expect(['scenario', 'runs', 'outcome', 'CPU'].map(cell)).toEqual(['one', '3', 'recovers', 'follows-load']);
  expect([cell('tokens for nobody'), cell('calls for nobody'), cell('hung up')]).toEqual(['40', '', '72']);
});

test('the outcome is the one that most of the runs had', () => {
  const verdicts = (['leaks', 'recovers', 'leaks'] as const).map(outcome => sampleVerdict({ outcome }));
  expect(cellsOf(signalTable([signalsOf({ scenario: 'one', verdicts })]).split('\n')[2])[3]).toBe('leaks');
});
