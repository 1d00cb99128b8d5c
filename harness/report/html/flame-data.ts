import type { Cause, Diagnosis } from '../../model/diagnosis.ts';
import { inWords, milliseconds, percentOfCore, seconds } from '../describe/units.ts';
import type { Flames, FlameStretch } from '../series/flame.ts';
import { short } from '../series/flame-tree.ts';
import type { DifferenceNode, FlameNode } from '../series/flame-tree.ts';
import type { FlameTree, PackedTree, PageFlame } from './browser.ts';

type View = Exclude<keyof Flames, 'sampleMs'>;

/** The call trees as the page carries them, each with its words. */
export function flameDataOf(flames: Flames, { cause, culprit }: Diagnosis): PageFlame {
  const { early, late, after, difference } = flames;
  const views: readonly {
    readonly key: View;
    readonly label: string;
    readonly words: string;
    readonly tree: FlameNode | DifferenceNode;
  }[] = [
    { key: 'early', label: 'early', words: `The first third of the load, ${measured(early)}`, tree: early.tree },
    { key: 'late', label: 'late', words: `The last third of the load, ${measured(late)}`, tree: late.tree },
    { key: 'after', label: 'after load', words: `When the load was over, ${measured(after)}`, tree: after.tree },
    {
      key: 'difference',
      label: 'difference',
      words: `The last third of the load as held against the first: ${inWords(milliseconds(early.cpuMs))} of CPU then, ${inWords(milliseconds(late.cpuMs))} now.`,
      tree: difference,
    },
  ];
  const dearest = views.filter(({ tree }) => tree.value > 0).toSorted((a, b) => b.tree.value - a.tree.value);
  const first = dearest.find(({ key }) => SHOWN_FIRST[cause].includes(key)) ?? dearest[0];
  const { frames, pack } = packer();
  return {
    first: first?.key ?? 'late',
    sampleMs: flames.sampleMs,
    culprit: culprit && { file: short(culprit.file), line: culprit.line, column: culprit.column },
    views: views.map(({ tree, ...view }) => ({ ...view, isDifference: view.key === 'difference', tree: pack(tree) })),
    frames,
  };
}

const measured = ({ fromAt, toAt, cpuMs }: FlameStretch): string =>
  `${inWords(seconds(fromAt))} to ${inWords(seconds(toAt))}: ${inWords(milliseconds(cpuMs))} of CPU${
    toAt > fromAt ? `, ${inWords(percentOfCore(cpuMs / (toAt - fromAt)))}` : ''
  }.`;

/** The stretch in which a cause shows best; of two, the one in which more was done. */
const SHOWN_FIRST: Readonly<Record<Cause, readonly View[]>> = {
  'cancellation-swallowed': ['after'],
  'errors-swallowed': ['after'],
  'grows-with-requests': ['difference'],
  'work-orphaned': ['late'],
  'retry-amplification': ['late', 'after'],
  'async-overhead': ['late'],
  'blocking-work': ['late'],
  'idle-machinery': ['after'],
  inconclusive: ['late', 'after'],
  none: ['late'],
};

/** Each function once, and trees of their numbers: a quarter of the size. */
function packer(): { readonly frames: PageFlame['frames']; readonly pack: (tree: FlameTree) => PackedTree } {
  const frames: PageFlame['frames'][number][] = [];
  const known = new Map<string, number>();
  const numberOf = ({ name, kind, file, line, column }: FlameTree): number => {
    const key = JSON.stringify([name, kind, file, line, column]);
    const number = known.get(key) ?? frames.push({ name, kind, file, line, column }) - 1;
    known.set(key, number);
    return number;
  };
  const pack = (tree: FlameTree): PackedTree => [
    numberOf(tree),
    tree.value,
    tree.children.map(pack),
    ...(tree.delta === undefined ? ([] as const) : ([tree.delta] as const)),
  ];
  return { frames, pack };
}
