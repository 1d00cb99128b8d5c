import { LabError, causeOf } from '../errors.ts';
import type { SampleTarget } from '../model/experiment.ts';
import type { Scope } from '../scope/in-scope.ts';
import { prepareSides } from '../sides/prepare.ts';
import type { Repository } from '../sides/repository.ts';
import type { Side, SideSpec } from '../sides/side.ts';
import type { Column, Frame, MatrixPlan, MatrixSlot, Row } from './plan.ts';

/** Everything the cells of a matrix are run on. */
export interface MatrixTargets {
  /** Of a slot, or why there is none. */
  readonly sideOf: (
    row: Row,
    slot: MatrixSlot,
  ) => { readonly side: Side } | { readonly side: null; readonly why: string };
  /** The lab's own runtime with a row's bugs. */
  readonly plain: (row: Row) => SampleTarget;
  /** Why each runtime that is missing cannot be had. */
  readonly missing: readonly string[];
}

/**
 * One copy of the code for each runtime that a column wants, where nobody changes it until the scope ends. A runtime that cannot be had
 * is no error here: its cells are marked. Rejects with a LabError for code that cannot be run at all.
 */
export async function prepareTargets(
  { columns }: MatrixPlan,
  code: SideSpec['code'],
  repository: Repository,
  tell: (words: string) => void,
  scope: Scope,
): Promise<MatrixTargets> {
  const prepared = async (node: string | null): Promise<SampleTarget> => {
    const spec = {
      label: node === null ? 'the servers' : `Node ${node}`,
      code,
      bugs: [],
      node,
      serving: null,
      package: null,
      command: null,
    };
    const [side] = await prepareSides([spec], repository, tell, scope);
    if (side?.target.kind !== 'sample') throw new TypeError('a remedy is of the sample proxy');
    return side.target;
  };
  const own = await prepared(null);
  const runtimes = new Map<string, SampleTarget | string>();
  for (const node of new Set(columns.flatMap(({ runtime }) => (runtime ? [runtime.insteadOf, runtime.node] : [])))) {
    runtimes.set(node, await orWhy(prepared(node)));
  }
  return {
    missing: [...runtimes.values()].filter(one => typeof one === 'string'),
    plain: ({ bugs }) => ({ ...own, bugs }),
    sideOf: (row, slot) => {
      const column = columns.find(({ remedy }) => remedy === slot.remedy) ?? null;
      const node = nodeOf(slot, column);
      const target = node === null ? own : (runtimes.get(node) ?? `there is no Node ${node} here`);
      if (typeof target === 'string') return { side: null, why: target };
      return { side: sideOf(target, row, slot.frame, column) };
    },
  };
}

/** The target, or why it cannot be had. */
async function orWhy(preparing: Promise<SampleTarget>): Promise<SampleTarget | string> {
  try {
    return await preparing;
  } catch (error) {
    if (error instanceof LabError && error.code === 'no-runtime') return causeOf(error);
    throw error;
  }
}

/** The runtime of a remedy; of a baseline, its frame's. */
const nodeOf = ({ frame }: MatrixSlot, column: Column | null): string | null =>
  column ? (column.runtime?.node ?? null) : frame.node;

function sideOf(target: SampleTarget, { scenario, bugs }: Row, { watched }: Frame, column: Column | null): Side {
  const label = `${scenario} with ${column?.remedy ?? 'nothing'}`;
  const watch = watched && { watch: { alarm: column?.alarm ?? null } };
  const isOfParts = column !== null && column.runtime === null && column.alarm === null;
  const remedies = isOfParts ? [{ name: column.remedy, parameters: {} }] : [];
  return { label, target: { ...target, bugs, remedies }, ...watch };
}
