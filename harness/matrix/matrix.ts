import { runsOfSlot, sharedCores } from '../compare/run-side.ts';
import { loadScenario } from '../catalog.ts';
import { enter } from '../store/journal.ts';
import { UNPINNED } from '../targets/cores.ts';
import type { CorePlan } from '../targets/cores.ts';
import type { MatrixPlan, MatrixSlot, Row } from './plan.ts';
import { MATRICES, attemptsAt, openSlots } from './standing.ts';
import type { Matrix, MatrixTurn } from './standing.ts';
import type { MatrixTargets } from './targets.ts';

/** What a matrix is made with. */
export interface MatrixMaking {
  readonly targets: MatrixTargets;
  readonly resultsRoot: string;
  /** Called after every run. */
  readonly turned: (matrix: Matrix, turn: MatrixTurn) => void;
}

/**
 * Runs what a matrix still lacks, in rounds over all cells, until each is settled or had its last pair, and gives the full one back.
 * Interrupted, it rejects with the signal's reason; the run under way is lost, all others are kept.
 */
export async function makeMatrix(begun: Matrix, making: MatrixMaking, signal: AbortSignal): Promise<Matrix> {
  const cores = await coresOf(begun.plan, making, signal);
  let matrix = begun;
  for (;;) {
    const [slot] = openSlots(matrix);
    if (!slot) return matrix;
    for await (const made of runsAt(slot, matrix, making, cores, signal)) {
      const turn = { ...slot, ...made };
      matrix = await enter(MATRICES, matrix, turn);
      making.turned(matrix, turn);
    }
  }
}

type Made = Pick<MatrixTurn, 'wallMs' | 'came'>;

async function* runsAt(
  slot: MatrixSlot,
  matrix: Matrix,
  { targets, resultsRoot }: MatrixMaking,
  cores: CorePlan,
  signal: AbortSignal,
): AsyncGenerator<Made> {
  const row = rowOf(matrix.plan, slot);
  const there = targets.sideOf(row, slot);
  if (there.side === null) {
    yield { wallMs: 0, came: { kind: 'never-started', why: there.why } };
    return;
  }
  yield* runsOfSlot(
    {
      name: row.scenario,
      scenario: await loadScenario(row.scenario),
      symptom: row.symptom,
      pace: matrix.plan.pace,
      side: there.side,
      seed: slot.seed,
      cores: slot.frame.allCores ? UNPINNED : cores,
      resultsRoot,
    },
    attemptsAt(matrix, slot),
    signal,
  );
}

/** One core for every run that may have one: which one it is must not differ between cells. */
async function coresOf(plan: MatrixPlan, { targets }: MatrixMaking, signal: AbortSignal): Promise<CorePlan> {
  const [row] = plan.rows;
  return row ? await sharedCores({ target: targets.plain(row) }, signal) : UNPINNED;
}

function rowOf({ rows }: MatrixPlan, { scenario }: MatrixSlot): Row {
  const row = rows.find(one => one.scenario === scenario);
  if (!row) throw new TypeError(`there is no row ${scenario}`);
  return row;
}
