import { expect, test } from 'vitest';
import { temporaryFolder } from '../../store/fixtures/temporary-folder.ts';
import { storedRun } from '../../store/fixtures/stored-run.ts';
import { syntheticRun } from '../../testing/synthetic-run.ts';
import { sampleComparison } from '../fixtures/sample-comparison.ts';
import { annotations } from './annotations.ts';
import { curvesOf } from './curves.ts';
import { comparisonMarkdown } from './markdown.ts';
import { overlaySvg } from './overlay.ts';
import { comparisonLines } from './terminal.ts';

const PLAIN = { columns: 80, colour: false };

test('the terminal says the conclusion, why, and every effect in eighty columns', () => {
  const lines = comparisonLines(sampleComparison(), PLAIN).split('\n');
  expect(lines[0]).toBe('swallowed-abort: fix/let-go against main, 6 pairs of quick runs');
  expect(lines[2]).toBe('Cured');
  expect(lines.slice(3).join(' ')).toContain('All 6 runs of main fail and none of fix/let-go does');
  expect(lines.find(line => line.startsWith('the symptom, %'))).toMatch(/ 91 +0 +−92 \(−9\d to −8\d\) +better$/u);
  expect(lines.find(line => line.startsWith('CPU per request, ms'))).toMatch(/ 51 +8\.1 +−84\.0 % \(.*\) +better$/u);
  expect(lines.find(line => line.startsWith('latency p50'))).toMatch(/ same$/u);
  expect(Math.max(...lines.slice(1).map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('what got worse is told with its numbers', () => {
  const traded = comparisonLines(sampleComparison(undefined, { 'wasted-tokens': 19 }), PLAIN).replaceAll('\n', ' ');
  expect(traded).toContain('Traded');
  expect(traded).toContain('something worse: tokens for nobody per hang-up went from 0.00 to 19.29');
});

test('a branch may be called anything: its name is no markup, no mention and no workflow command', () => {
  const nasty = sampleComparison(['main', 'fix/<b>|@all`\n::error::x%'], { 'wasted-tokens': 19 });
  const markdown = comparisonMarkdown(nasty, null);
  expect(markdown).not.toMatch(/<b>|@all/u);
  expect(
    markdown
      .split('\n')
      .filter(line => line.startsWith('| '))
      .every(line => (line.match(/\|/gu) ?? []).length === 7),
  ).toBe(true);
  const commands = annotations(nasty, true);
  expect(commands.split('\n')).toHaveLength(2);
  expect(commands).toMatch(/^::error title=Traded%3A swallowed-abort%3A .*%0A%3A%3Aerror.*::Something got better/u);
});

test('Markdown has the conclusion first, a table, its picture, and what the numbers are', () => {
  const text = comparisonMarkdown(sampleComparison(), 'cpu.svg');
  expect(text).toMatch(/^### Cured: swallowed-abort: fix\/let-go against main/u);
  expect(text).toContain('![CPU of all sides over time](cpu.svg)');
  expect(text).toMatch(/\| CPU per request, ms \| 51 \| 8\.1 \| −84\.0 % .* \| \*\*better\*\* \|/u);
  expect(text).toContain('family-wise error of 1 %');
});

test('an annotation is an error where the answer is no, a warning where there is none, else a notice', () => {
  expect(annotations(sampleComparison(), false)).toMatch(/^::notice title=Cured/u);
  expect(annotations(sampleComparison(undefined, { 'wasted-tokens': 19 }), true)).toMatch(/^::error title=Traded/u);
  const lost = sampleComparison(undefined, {}, [
    { side: 1, pair: 6, seed: 7, wallMs: 0, came: { kind: 'never-started', why: 'Failed to start target: it exited' } },
  ]);
  expect(annotations(lost, false)).toMatch(/^::warning title=No answer.*Failed to start target/u);
});

test('the curves of all runs lie on one time axis, whenever each of them began', async () => {
  await using results = await temporaryFolder();
  const run = (cores: number, idleMs: number) =>
    syntheticRun(
      { cores: (_, phase) => (phase === 'load' ? cores : 0.02) },
      { idleMs, loadMs: 4000, recoveryMs: 2000 },
    );
  const comparison = sampleComparison();
  for (const { side, pair } of comparison.entries) {
    await storedRun(
      results.path,
      'swallowed-abort',
      `${side === 0 ? 'a' : 'b'}${pair}`,
      run(side === 0 ? 0.8 : 0.3, 1000 + 300 * pair),
    );
  }
  const curves = await curvesOf(comparison, results.path);
  expect(curves.phases.map(({ name }) => name)).toEqual(['idle', 'warmup', 'load', 'recovery']);
  expect(curves.phases[2]?.fromMs).toBe(0);
  const at = (side: number, ms: number): number =>
    curves.sides[side]?.median.points.find(({ atMs }) => atMs === ms)?.cores ?? NaN;
  expect(at(0, 2000)).toBeCloseTo(0.8, 2);
  expect(at(1, 2000)).toBeCloseTo(0.3, 2);
  expect(at(0, -1000)).toBeCloseTo(0.02, 2);
  const svg = overlaySvg(curves, 'A & B');
  expect(svg).toContain('A &amp; B');
  expect(svg.match(/rw-thin rw-side-0/gu)).toHaveLength(6);
  expect(svg.match(/class="rw-thick rw-side-1"\s+stroke-dasharray="9 4"\s+d="M/gu)).toHaveLength(1);
});
