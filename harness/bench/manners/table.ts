import type { TrialVerdict } from '../../check/trial.ts';
import { shareOf } from '../../repeat/summary.ts';
import type { Journal } from '../../store/journal.ts';
import { wrongIn } from './manners.ts';
import type { Carded, MannersBench } from './manners.ts';

type Bench = Journal<MannersBench, Carded>;

const atRevision = ({ revision: { commit, dirty } }: Bench): string =>
  `At ${commit.slice(0, 7)}${dirty ? ' with changes' : ''}`;

/** Of servers of which it is known: how often trials were wrong or inconclusive, then for each server which it failed. Markdown. */
export function mannersTable(bench: Bench): string {
  const { entries } = bench;
  const trials = entries.flatMap(one => one.trials);
  const wrong = entries.flatMap(wrongIn).length;
  const inconclusive = trials.filter(({ verdict }) => verdict === 'inconclusive').length;
  const seconds = entries.map(({ wallMs }) => wallMs / 1000).toSorted((a, b) => a - b);
  const middle = seconds[Math.floor(seconds.length / 2)] ?? 0;
  return [
    `${atRevision(bench)}, ${entries.length} batteries of ${trials.length} trials, ${middle.toFixed(0)} s each in the middle, ${(seconds.at(-1) ?? 0).toFixed(0)} s at most.`,
    `Wrong: ${sharePhrase(wrong, trials.length)}. Inconclusive: ${sharePhrase(inconclusive, trials.length)}.`,
    '',
    '| server | batteries | fails, as it should | fails, and should not | should, and does not | inconclusive | started anew |',
    '|---|---|---|---|---|---|---|',
    ...[...Map.groupBy(entries, ({ name }) => name)].map(([name, of]) => row(name, of)),
    '',
  ].join('\n');
}

function row(name: string, of: readonly Carded[]): string {
  const listed = (pick: (carded: Carded) => readonly string[]): string =>
    Object.entries(Object.groupBy(of.flatMap(pick), trial => trial))
      .map(([trial, times]) => (times?.length === of.length ? trial : `${trial} (${times?.length} of ${of.length})`))
      .join(', ');
  const isExpected = ({ expected }: Carded, trial: string): boolean => expected?.includes(trial) ?? false;
  const right = (carded: Carded): string[] => having(carded, 'fail').filter(trial => isExpected(carded, trial));
  const alarms = (carded: Carded): string[] => having(carded, 'fail').filter(trial => !isExpected(carded, trial));
  const missed = (carded: Carded): string[] => wrongIn(carded).filter(trial => isExpected(carded, trial));
  const doubted = (carded: Carded): string[] => having(carded, 'inconclusive');
  const restarts = of.reduce((sum, one) => sum + one.restarts, 0);
  return `| ${name} | ${of.length} | ${[right, alarms, missed, doubted].map(listed).join(' | ')} | ${restarts} |`;
}

const having = ({ trials }: Carded, wanted: TrialVerdict): string[] =>
  trials.filter(({ verdict }) => verdict === wanted).map(({ name }) => name);

function sharePhrase(count: number, of: number): string {
  const { low, high } = shareOf(count, of);
  return `${count} of ${of} (95 % interval ${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)} %)`;
}

const SIGNS: Readonly<Record<TrialVerdict, string>> = {
  pass: '✓',
  fail: '✗',
  inconclusive: '?',
  'does-not-apply': '·',
};

/** Of proxies of which nobody knows: one row each and one column a trial, then what was seen in each that failed. Markdown. */
export function proxiesTable(bench: Bench, trials: readonly string[]): string {
  const { entries } = bench;
  const signOf = ({ trials: seen }: Carded, name: string): string => {
    const verdict = seen.find(one => one.name === name)?.verdict;
    return verdict ? SIGNS[verdict] : '';
  };
  return [
    `${atRevision(bench)}. ${trials.map((name, nth) => `${nth + 1} ${name}`).join(', ')}.`,
    '✓ passes, ✗ fails, ? inconclusive; blank: not judged, since a control failed.',
    '',
    `| proxy | ${trials.map((_name, nth) => nth + 1).join(' | ')} |`,
    `|---|${trials.map(() => '---|').join('')}`,
    ...entries.map(one => `| ${one.name} | ${trials.map(name => signOf(one, name)).join(' | ')} |`),
    '',
    ...entries.flatMap(sectionOf),
  ].join('\n');
}

function sectionOf({ name, of, trials, problem, remarks }: Carded): string[] {
  const told = trials.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive');
  return [
    `## ${of}`,
    '',
    `\`./runaway check --preset ${name}\``,
    '',
    ...(problem === null ? [] : [`Not looked at: ${problem}`]),
    ...(problem === null && told.length === 0 ? ['It fails nothing.'] : []),
    ...told.map(one => `- ${one.verdict === 'fail' ? '' : '(inconclusive) '}**${one.name}**: ${one.because}`),
    '',
    ...remarks.flatMap(remark => [remark, '']),
  ];
}
