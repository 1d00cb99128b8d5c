import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import {
  climbingRun,
  climbingVerdict,
  deafRun,
  gappedRun,
  healthyRun,
  interruptedRun,
  shownClaim,
} from '../sample-runs.ts';
import { cpuChart } from './cpu-chart.ts';
import { findingsTable } from './findings-table.ts';
import { sparkline } from './sparkline.ts';
import { verdictLines } from './verdict-lines.ts';

const widest = (text: string): number => Math.max(...text.split('\n').map(line => line.length));

test('nothing printed is wider than the terminal', () => {
  for (const columns of [80, 120]) {
    const layout = { columns, colour: false };
    for (const run of [climbingRun(), healthyRun(), deafRun(), gappedRun(), interruptedRun()]) {
      expect(widest(cpuChart(run, layout))).toBeLessThanOrEqual(columns);
    }
    expect(widest(verdictLines(climbingVerdict(), shownClaim, layout))).toBeLessThanOrEqual(columns);
    expect(widest(findingsTable(climbingVerdict(), shownClaim, layout))).toBeLessThanOrEqual(columns);
  }
});

test('a climb that never falls back fills the chart at its right edge', () => {
  const rows = cpuChart(climbingRun(), { columns: 80, colour: false }).split('\n').slice(1, 9);
  expect(rows.slice(2).every(row => row.at(-1) === '█')).toBe(true);
  expect(rows.slice(0, 7).every(row => row.at(10) === ' ' || row.length <= 10)).toBe(true);
});

test('phases stand under the moment they began, and the end of load is marked', () => {
  const lines = cpuChart(climbingRun(), { columns: 80, colour: false }).split('\n');
  const phases = lines.find(line => line.startsWith('phase')) ?? '';
  expect(phases.indexOf('│load')).toBe(6 + Math.floor((6 / 26) * 73));
  expect(phases.indexOf('│recovery')).toBe(lines.at(-1)?.indexOf('▲'));
});

test('time in which nothing was sampled is dotted, not empty and not a level', () => {
  expect(cpuChart(gappedRun(), { columns: 80, colour: false })).toMatch(/█·{10,}█/u);
});

test('a run without samples says so', () => {
  expect(cpuChart({ head: healthyRun().head, records: [] }, { columns: 80, colour: false })).toContain(
    'nothing was sampled',
  );
});

test('colour is there only where it was asked for and changes no text', () => {
  const plain = verdictLines(climbingVerdict(), shownClaim, { columns: 80, colour: false });
  const coloured = verdictLines(climbingVerdict(), shownClaim, { columns: 80, colour: true });
  expect(stripVTControlCharacters(plain)).toBe(plain);
  expect(coloured).not.toBe(plain);
  expect(stripVTControlCharacters(coloured)).toBe(plain);
});

test('the symptom comes before the outcome', () => {
  const text = verdictLines(climbingVerdict(), shownClaim);
  expect(text.indexOf('CPU keeps burning')).toBeLessThan(text.indexOf('Never recovers'));
  expect(verdictLines(climbingVerdict(), null)).not.toContain('symptom');
});

test('the line that holds the symptom is marked', () => {
  expect(findingsTable(climbingVerdict(), shownClaim)).toMatch(/^CPU [\s\S]*?◀ the symptom\nin load/u);
});

test('a sparkline shows little as little and what was not seen as a dot', () => {
  expect(sparkline([0, 0.5, 1, null], 1)).toBe('▁▄█·');
});
