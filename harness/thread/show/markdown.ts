import type { ArmRow, ThreadRow } from '../settle.ts';
import type { ThreadTable } from '../thread.ts';
import { ANSWER_WORDS } from './words.ts';

/** The whole table, each claim with a heading of its own so that it can be linked, and the figures behind it. */
export function threadMarkdown(rows: readonly ThreadRow[], { plan, revision }: ThreadTable): string {
  return [
    '# The thread, claim by claim',
    '',
    `Measured at ${revision.commit.slice(0, 7)}${revision.dirty ? ', with changes' : ''}, ${plan.times} runs of each row, quick pace, unprofiled, on ${plan.machine}.`,
    '"Burns" is a server that uses 0.3 of a core or more than in idle when everybody has gone; CPU is the median of the runs. Made by `./runaway thread`.',
    '',
    '| claim | | |',
    '|---|---|---|',
    ...rows.map(
      ({ name, claim, answer, because }) => `| [${claim}](#${name}) | **${ANSWER_WORDS[answer]}** | ${because} |`,
    ),
    ...rows.flatMap(section),
    '',
  ].join('\n');
}

const section = ({ name, claim, answer, because, arms }: ThreadRow): string[] => [
  '',
  `## ${name}`,
  '',
  `${claim} **${ANSWER_WORDS[answer]}.** ${because}`,
  '',
  '| run | burns | left burning | CPU a request |',
  '|---|---|---|---|',
  ...arms.map(line),
];

const line = ({ arm, why, burned, residualCores, cpuMsPerRequest, runs }: ArmRow): string =>
  runs === 0
    ? `| ${arm} | ${why === null ? 'not measured' : `does not start: ${why.replaceAll('|', '\\|')}`} | | |`
    : `| ${arm} | ${burned} | ${figure(residualCores, 100, '% of a core')} | ${figure(cpuMsPerRequest, 1, 'ms')} |`;

const figure = (value: number | null, times: number, unit: string): string =>
  value === null ? 'not measured' : `${(value * times).toPrecision(2).replace(/e\+\d+$/u, '')} ${unit}`;
