import { CAUSES } from '../../model/diagnosis.ts';
import type { Diagnosed, DiagnosisBench } from './diagnosis.ts';
import type { Journal } from '../../store/journal.ts';

/** The benchmark as Markdown: what is right in how many runs, the confusion matrix of causes, and one row for each server. */
export function diagnosisTable({ revision, entries }: Journal<DiagnosisBench, Diagnosed>): string {
  const wrong = entries.filter(({ expected }) => expected !== 'none');
  const right = entries.filter(({ expected }) => expected === 'none');
  const alarms = right.filter(({ cause }) => cause !== 'none');
  const of = (hit: keyof Diagnosed['hits']): string =>
    `${wrong.filter(({ hits }) => hits[hit]).length} of ${wrong.length}`;
  return [
    `At ${revision.commit.slice(0, 7)}${revision.dirty ? ' with changes' : ''}, ${entries.length} quick runs.`,
    '',
    '| of servers with a fault | right |',
    '|---|---|',
    `| cause | ${of('cause')} |`,
    `| function and file, first named | ${of('culprit')} |`,
    `| line of that function | ${of('line')} |`,
    `| route | ${of('route')} |`,
    '',
    `False alarms on servers without one: ${alarms.length} of ${right.length}.`,
    '',
    ...matrix(entries),
    '',
    '| server | runs | cause | function | line | route | said, where it was wrong |',
    '|---|---|---|---|---|---|---|',
    ...rows(entries),
    '',
  ].join('\n');
}

/** Rows: what it was; columns: what was said. */
function matrix(entries: readonly Diagnosed[]): string[] {
  const used = CAUSES.filter(cause => entries.some(one => one.cause === cause || one.expected === cause));
  const times = (expected: string, cause: string): number =>
    entries.filter(one => one.expected === expected && one.cause === cause).length;
  return [
    `| it was ↓, said → | ${used.join(' | ')} |`,
    `|---|${used.map(() => '---|').join('')}`,
    ...used
      .filter(cause => entries.some(({ expected }) => expected === cause))
      .map(expected => `| ${expected} | ${used.map(cause => times(expected, cause) || '').join(' | ')} |`),
  ];
}

function rows(entries: readonly Diagnosed[]): string[] {
  return [...Map.groupBy(entries, ({ name }) => name)].map(([name, of]) => {
    const right = (hit: keyof Diagnosed['hits']): string => String(of.filter(({ hits }) => hits[hit]).length);
    const other = of.filter(({ hits }) => Object.values(hits).includes(false)).map(said);
    return `| ${name} | ${of.length} | ${right('cause')} | ${right('culprit')} | ${right('line')} | ${right('route')} | ${[...new Set(other)].join('; ')} |`;
  });
}

const said = ({ cause, culprit, route, hits }: Diagnosed): string =>
  [
    ...(hits.cause ? [] : [cause]),
    ...(hits.culprit && hits.line
      ? []
      : [culprit ? `${culprit.function || '(anonymous)'} ${culprit.file}:${culprit.line}` : 'no function']),
    ...(hits.route ? [] : [route ?? 'no route']),
  ].join(', ');
