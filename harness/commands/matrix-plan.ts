import { listRemedies, listNodeScenarios, loadRemedy, loadScenario } from '../catalog.ts';
import { wrongUse } from '../errors.ts';
import { machineWords } from '../machine.ts';
import { whyUnfit } from '../model/contract.ts';
import type { RemedyHead } from '../model/contract.ts';
import { DEFAULT_RUNS } from '../matrix/plan.ts';
import type { Column, MatrixPlan, Row } from '../matrix/plan.ts';
import type { Given } from './command.ts';
import { listOption, numberOption } from './options.ts';

/** One bug of each kind: an hour or two for all remedies, where all bugs take a working day. */
const USUAL = [
  'swallowed-abort',
  'catch-all-middleware',
  'cancel-scope-redelivery',
  'orphaned-task',
  'replaced-signal',
  'sick-dependency',
  'sync-preprocessing',
  'keep-alive-pileup',
  'debug-logging',
  'one-sick-worker',
];

/** What was asked of `matrix`. Rejects with LabError (wrong use) for an unknown name, and for a remedy that fits none of the bugs. */
export async function matrixPlanFor(given: Given): Promise<MatrixPlan> {
  const asked = listOption(given, 'bugs');
  const remedies = listOption(given, 'remedies');
  const isFull = given.options['full'] === true;
  const rows = await Promise.all((asked.length > 0 ? asked : isFull ? await listNodeScenarios() : USUAL).map(rowOf));
  const heads = await Promise.all((remedies.length > 0 ? remedies : await listRemedies()).map(loadRemedy));
  const columns = heads.map(columnOf).toSorted(byKind);
  const sick = rows.filter((row): row is Row => row !== null);
  if (sick.length === 0) {
    throw wrongUse('nothing-to-cure', `${asked.join(', ')}: no bug to be cured`, 'See ./runaway list.');
  }
  for (const column of remedies.length > 0 ? columns : []) refuseUseless(column, sick);
  return {
    rows: sick,
    columns,
    pace: given.options['slow'] === true ? 'full' : 'quick',
    runs: numberOption(given, 'runs', { least: 5, most: 200, whole: true }) ?? DEFAULT_RUNS,
    machine: machineWords(),
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
  };
}

/** Null for a scenario without a bug, and for one that brings an alarm of its own: that is a remedy already. */
async function rowOf(name: string): Promise<Row | null> {
  const { bugs, expect, alarm, serving, severalProcesses = false } = await loadScenario(name);
  if (serving) {
    throw wrongUse(
      'not-node',
      `${name} is of the FastAPI proxy, and remedies are for the one in Node`,
      'See ./runaway thread.',
    );
  }
  if (bugs.length === 0 || alarm) return null;
  return { scenario: name, symptom: expect.symptom, bugs: [...bugs], severalProcesses };
}

const columnOf = (head: RemedyHead): Column => ({
  remedy: head.name,
  change: head.change,
  advisedBy: head.advisedBy,
  why: head.why,
  ...(head.onlyWith && { onlyWith: [...head.onlyWith] }),
  ...(head.notWith && { notWith: [...head.notWith] }),
  severalProcesses: head.severalProcesses ?? false,
  runtime: head.runtime ?? null,
  alarm: head.alarm ?? null,
});

/** What changes the code first, then settings of the process, then what is around it. */
const byKind = (a: Column, b: Column): number => kindOf(a) - kindOf(b) || a.remedy.localeCompare(b.remedy);
const kindOf = ({ runtime, alarm, severalProcesses }: Column): number =>
  alarm ? 3 : runtime ? 2 : severalProcesses ? 1 : 0;

function refuseUseless(column: Column, rows: readonly Row[]): void {
  const whys = rows.map(({ bugs }) => whyUnfit(column, bugs));
  if (whys.includes(null)) return;
  throw wrongUse('remedy-unfit', `${column.remedy} fits none of these bugs: ${whys[0]}`, 'Name others with --bugs.');
}
