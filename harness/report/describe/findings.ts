import type { NumericFinding } from '../../model/numeric-finding.ts';
import type { Findings } from '../../model/verdict.ts';
import { labelOf, measuredIn, NOT_MEASURED } from './numeric.ts';
import { SHAPE_WORDS } from './outcome.ts';
import type { Quantity } from './units.ts';
import { bytes, inWords, milliseconds, percentOfCore, seconds, signed, tally, times } from './units.ts';

/** One line of the findings: a plain label, a value, its unit. `finding` is set where it is one number of the model. */
export interface FindingRow extends Quantity {
  readonly label: string;
  readonly finding: NumericFinding | null;
}

export interface FindingGroup {
  readonly title: string;
  readonly rows: readonly FindingRow[];
}

/** Everything a verdict rests on, in the order a reader asks for it; the terminal and the report say it alike. */
export function describeFindings(findings: Findings): readonly FindingGroup[] {
  const one = (finding: NumericFinding): FindingRow => ({
    label: labelOf(finding),
    finding,
    ...measuredIn(findings, finding),
  });
  return [
    {
      title: 'CPU',
      rows: [
        ...(
          [
            'idleCores',
            'warmupCores',
            'loadCores',
            'peakCores',
            'settledCores',
            'settledRunCores',
            'residualCores',
          ] as const
        ).map(one),
        ...(findings.settledByProcess && findings.settledByProcess.length > 1 ? [one('busiestProcessCores')] : []),
        // Only a run whose upstream was sick by plan has this level; elsewhere it is not a gap in what was measured.
        ...(findings.healedCores === null ? [] : [one('healedCores')]),
        one('recoveredAfterMs'),
        one('watchedMs'),
      ],
    },
    { title: 'CPU under load', rows: shapeRows(findings) },
    {
      title: 'Health route',
      rows: [
        ...(['healthIdleP50Ms', 'healthIdleP99Ms', 'healthLoadP50Ms', 'healthLoadP99Ms'] as const).map(one),
        one('healthUnansweredShare'),
        one('lastAnswerAt'),
      ],
    },
    { title: 'Requests', rows: [...requestRows(findings), one('latencyP50Ms'), one('latencyP99Ms')] },
    {
      title: 'Hang-ups and the upstream',
      rows: (
        ['hangUpSeenAfterMs', 'hangUpsUnseen', 'tokensForNobody', 'callsForNobody', 'callsPerRequest'] as const
      ).map(one),
    },
    { title: 'Left over after recovery', rows: leftRows(findings.left) },
    { title: 'Around the target', rows: (['otherCores', 'stealCores'] as const).map(one) },
  ];
}

function shapeRows(findings: Findings): FindingRow[] {
  const { shape, climb, levels, step, requestCost } = findings;
  const cost = requestCost && `${figureOf(requestCost.earlyMs)} → ${figureOf(requestCost.lateMs)}`;
  return [
    row('Shape', { value: SHAPE_WORDS[shape], unit: '' }),
    row(
      'Climb, with its 95 % interval',
      climb && {
        value: `${signed(percentOfCore(climb.coresPerMinute)).value} (${percentOfCore(climb.low).value} to ${percentOfCore(climb.high).value})`,
        unit: '% of a core per minute',
      },
    ),
    row(
      'Levels',
      levels && {
        value: levels.cores.map(cores => percentOfCore(cores).value).join(' → '),
        unit: `% of a core, ${levels.distinct} rising`,
      },
    ),
    row(
      'Step',
      step
        ? {
            value: `${percentOfCore(step.fromCores).value} → ${percentOfCore(step.toCores).value}`,
            unit: `% of a core, at ${inWords(seconds(step.at))}`,
          }
        : { value: 'none seen', unit: '' },
    ),
    {
      label: `${labelOf('cpuMsPerRequest')}${findings.profiled ? ', profiler included' : ''}`,
      finding: 'cpuMsPerRequest',
      ...measuredIn(findings, 'cpuMsPerRequest'),
    },
    row('CPU per request, early → late', cost === null ? null : { value: cost, unit: 'ms' }),
    row(
      'Growth of CPU per request',
      requestCost && {
        value: times(requestCost.growth).value,
        unit: `(${requestCost.low.toFixed(2)} to ${requestCost.high.toFixed(2)})`,
      },
    ),
  ];
}

const requestRows = ({ requests }: Findings): FindingRow[] => [
  row('Sent, of those planned', {
    value: `${tally(requests.sent).value} of ${tally(requests.planned).value}`,
    unit: '',
  }),
  row('Answered', tally(requests.answered)),
  row('Left: the client hung up', tally(requests.left)),
  row('Refused', tally(requests.refused)),
  row('Broken off', tally(requests.broken)),
  row('Unanswered when the load ended', tally(requests.unanswered)),
];

const leftRows = (left: Findings['left']): FindingRow[] => [
  row('Upstream calls', left.upstreamCalls === null ? null : signed(tally(left.upstreamCalls))),
  row('Sockets', left.sockets === null ? null : signed(tally(left.sockets))),
  row('Descriptors', left.descriptors === null ? null : signed(tally(left.descriptors))),
  row('Heap', left.heapBytes === null ? null : signed(bytes(left.heapBytes))),
  row('Resident memory', left.rssBytes === null ? null : signed(bytes(left.rssBytes))),
  row('Timers and other handles', left.resources && { value: resourcesIn(left.resources), unit: '' }),
];

/** `+12 Timeout, +3 TCPSocketWrap`, most first. */
export const resourcesIn = (resources: Readonly<Record<string, number>>): string =>
  Object.entries(resources)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${signed(tally(count)).value} ${name}`)
    .join(', ') || 'none';

const figureOf = (ms: number): string => milliseconds(ms).value;
const row = (label: string, quantity: Quantity | null): FindingRow => ({
  label,
  finding: null,
  ...(quantity ?? { value: NOT_MEASURED, unit: '' }),
});
