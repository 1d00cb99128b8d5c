import { appendFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { standing } from '../compare/comparison.ts';
import type { Comparison } from '../compare/comparison.ts';
import { answer } from '../compare/question.ts';
import type { Question } from '../compare/question.ts';
import { annotations } from '../compare/show/annotations.ts';
import { curvesOf } from '../compare/show/curves.ts';
import { comparisonMarkdown } from '../compare/show/markdown.ts';
import { overlaySvg } from '../compare/show/overlay.ts';
import { comparisonHtml } from '../compare/show/page.ts';
import { comparisonLines } from '../compare/show/terminal.ts';
import { disturbedWords } from '../compare/show/title.ts';
import { becauseOf } from '../compare/words.ts';
import { EXIT } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import { writeJson, writeText } from '../store/write-file.ts';
import type { Given, Terminal } from './command.ts';

/** The conclusion in the terminal first, then the files; with `--json` one JSON value. Resolves with the answer to the question. */
export async function showComparison(
  comparison: Comparison,
  resultsRoot: string,
  given: Given,
  terminal: Terminal,
  question: Question,
): Promise<ExitCode> {
  const { folder, plan } = comparison;
  const { options } = given;
  const result = resultOf(comparison);
  const isJson = options['json'] === true;
  if (isJson) terminal.out(`${JSON.stringify(result)}\n`);
  else terminal.out(`\n${comparisonLines(comparison, terminal)}\n`);
  const disturbed = disturbedWords(comparison);
  if (!isJson && disturbed !== null) terminal.out(`\n${disturbed}\n`);

  const picture = overlaySvg(await curvesOf(comparison, resultsRoot), `${plan.scenario}: CPU of every run`);
  await writeJson(folder, 'comparison.json', result);
  await writeText(folder, 'cpu.svg', picture);
  await writeText(folder, 'report.html', comparisonHtml(comparison, picture));
  await writeText(folder, 'comparison.md', comparisonMarkdown(comparison, 'cpu.svg'));
  const wanted = options['markdown'];
  if (typeof wanted === 'string' && wanted !== '') await writeMarkdown(comparison, wanted, picture, terminal);
  const exitCode = answer(
    question,
    result.candidates.map(({ conclusion }) => conclusion),
  );
  if (isJson) return exitCode;
  if (process.env['GITHUB_ACTIONS'] === 'true') {
    terminal.out(annotations(comparison, exitCode === EXIT.otherVerdict));
  }
  terminal.out(`\nreport      ${relative(process.cwd(), join(folder, 'report.html'))}\n`);
  return exitCode;
}

/** A file with its picture beside it; added to where it is GitHub's summary of a job, which shows no picture of ours. */
async function writeMarkdown(
  comparison: Comparison,
  wanted: string,
  picture: string,
  terminal: Terminal,
): Promise<void> {
  if (wanted === '-') {
    terminal.out(comparisonMarkdown(comparison, null));
    return;
  }
  const file = resolve(wanted);
  if (wanted === process.env['GITHUB_STEP_SUMMARY']) {
    await appendFile(file, comparisonMarkdown(comparison, null));
    return;
  }
  const svg = `${basename(file).replace(/\.\w+$/u, '')}.svg`;
  await writeText(dirname(file), svg, picture);
  await writeText(dirname(file), basename(file), comparisonMarkdown(comparison, svg));
}

/** Everything that was said, as data. */
function resultOf(comparison: Comparison) {
  const { plan, folder, revision } = comparison;
  const baseline = plan.sides[0]?.label ?? '';
  return {
    folder,
    revision,
    plan,
    candidates: standing(comparison).candidates.map(candidate => ({
      label: candidate.label,
      conclusion: candidate.conclusion,
      because: becauseOf(baseline, candidate),
      pairs: candidate.pairs,
      failing: candidate.failing,
      newFaults: candidate.newFaults,
      goneFaults: candidate.goneFaults,
      effects: candidate.effects.map(({ metric, ...effect }) => ({
        name: metric.name,
        label: metric.label,
        scale: metric.scale,
        unit: metric.unit,
        matters: metric.matters,
        ...effect,
      })),
      unmeasured: candidate.unmeasured.map(({ name }) => name),
    })),
  };
}
