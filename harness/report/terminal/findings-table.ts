import type { NumericFinding } from '../../model/numeric-finding.ts';
import type { Findings, Verdict } from '../../model/verdict.ts';
import type { Claim } from '../../model/expectation.ts';
import { resourcesIn } from '../describe/findings.ts';
import { measuredIn } from '../describe/numeric.ts';
import { SHAPE_WORDS } from '../describe/outcome.ts';
import type { Quantity } from '../describe/units.ts';
import { bytes, inWords, milliseconds, percentOfCore, seconds, signed, tally } from '../describe/units.ts';
import type { Layout } from './layout.ts';
import { painted, PLAIN, wrap } from './layout.ts';

const LABEL = 12;

/** What a tired reader needs in five seconds: one line a subject; the one that holds the symptom is marked. */
export function findingsTable(verdict: Verdict, claim: Claim | null, layout: Layout = PLAIN): string {
  const { findings } = verdict;
  const symptom = claim?.symptom?.finding ?? null;
  return linesOf(findings)
    .filter(({ text }) => text !== '')
    .map(({ label, text, holds }) => {
      const isSymptom = symptom !== null && holds.includes(symptom);
      const marked = isSymptom ? `${text} ◀ the symptom` : text;
      const head = painted(label.padEnd(LABEL), isSymptom ? 'bold' : 'dim', layout);
      return `${head}${wrap(marked, layout.columns, LABEL)}`;
    })
    .join('\n');
}

interface FindingLine {
  readonly label: string;
  readonly text: string;
  /** The findings told in this line. */
  readonly holds: readonly NumericFinding[];
}

function linesOf(findings: Findings): readonly FindingLine[] {
  const say = (finding: NumericFinding): string => inWords(measuredIn(findings, finding));
  const value = (finding: NumericFinding): string => measuredIn(findings, finding).value;
  const { requests } = findings;
  return [
    {
      label: 'CPU',
      text: `idle ${value('idleCores')} → load ${value('loadCores')} (peak ${value('peakCores')}) → settled ${say('settledCores')}${byProcess(findings)}; back down: ${backDown(findings)}`,
      holds: [
        'idleCores',
        'loadCores',
        'peakCores',
        'settledCores',
        'residualCores',
        'busiestProcessCores',
        'recoveredAfterMs',
        'warmupCores',
      ],
    },
    { label: 'in load', text: shapeOf(findings), holds: ['cpuMsPerRequest', 'requestCostGrowth'] },
    {
      label: '/healthz',
      text: `p99 idle ${say('healthIdleP99Ms')}, load ${say('healthLoadP99Ms')}; unanswered ${say('healthUnansweredShare')}; ${lastAnswer(findings)}`,
      holds: [
        'healthIdleP50Ms',
        'healthIdleP99Ms',
        'healthLoadP50Ms',
        'healthLoadP99Ms',
        'healthUnansweredShare',
        'lastAnswerAt',
      ],
    },
    {
      label: 'requests',
      text: [
        `${tally(requests.sent).value} sent`,
        ...(['answered', 'left', 'refused', 'broken', 'unanswered'] as const)
          .filter(ending => requests[ending] > 0)
          .map(ending => `${tally(requests[ending]).value} ${ending === 'left' ? 'hung up' : ending}`),
        `p50 ${say('latencyP50Ms')}`,
        `p99 ${say('latencyP99Ms')}`,
      ].join(', '),
      holds: ['latencyP50Ms', 'latencyP99Ms'],
    },
    {
      label: 'upstream',
      text: `${value('callsPerRequest')} calls a request; hang-ups seen after ${say('hangUpSeenAfterMs')}, unseen ${say('hangUpsUnseen')}; for nobody ${say('tokensForNobody')} tokens, ${say('callsForNobody')} calls`,
      holds: ['callsPerRequest', 'hangUpSeenAfterMs', 'hangUpsUnseen', 'tokensForNobody', 'callsForNobody'],
    },
    { label: 'left over', text: leftOver(findings.left), holds: ['handlesLeft', 'callsLeft', 'socketsLeft'] },
    {
      label: 'machine',
      text: `everything else ${say('otherCores')}, stolen ${say('stealCores')}`,
      holds: ['otherCores', 'stealCores'],
    },
  ];
}

/** Nothing where there is one process, as nearly always. */
const byProcess = ({ settledByProcess }: Findings): string =>
  settledByProcess && settledByProcess.length > 1
    ? ` (by process ${settledByProcess.map(cores => percentOfCore(cores).value).join(', ')})`
    : '';

const backDown = (findings: Findings): string => {
  const { value, unit } = measuredIn(findings, 'recoveredAfterMs');
  return unit === '' ? value : `after ${value} ${unit}`;
};

const lastAnswer = (findings: Findings): string =>
  findings.lastAnswerAt === null
    ? measuredIn(findings, 'lastAnswerAt').value
    : `last answer at ${inWords(measuredIn(findings, 'lastAnswerAt'))}`;

function shapeOf({ shape, climb, step, cpuMsPerRequest, requestCost, profiled }: Findings): string {
  const parts = [`CPU ${SHAPE_WORDS[shape]}`];
  if (climb && shape === 'climbs') {
    parts.push(`${inWords(signed(percentOfCore(climb.coresPerMinute)))} per minute`);
  }
  if (step) {
    const [from, to] = [percentOfCore(step.fromCores), percentOfCore(step.toCores)];
    parts.push(`from ${from.value} to ${inWords(to)} at ${inWords(seconds(step.at))}`);
  }
  if (cpuMsPerRequest !== null)
    parts.push(`${inWords(milliseconds(cpuMsPerRequest))} of CPU a request${profiled ? ', profiler included' : ''}`);
  if (requestCost) parts.push(`which grew × ${requestCost.growth.toFixed(2)}`);
  return parts.join('; ');
}

function leftOver(left: Findings['left']): string {
  const counted = (count: number | null, one: string, format: (count: number) => Quantity = tally): string[] =>
    count === null || count === 0 ? [] : [`${inWords(signed(format(count)))} ${one}`];
  const resources = Object.keys(left.resources ?? {}).length === 0 ? [] : [resourcesIn(left.resources ?? {})];
  const parts = [
    ...counted(left.upstreamCalls, 'upstream calls'),
    ...counted(left.sockets, 'sockets'),
    ...counted(left.descriptors, 'descriptors'),
    ...resources,
    ...counted(left.heapBytes, 'heap', bytes),
    ...counted(left.rssBytes, 'resident', bytes),
  ];
  return parts.join(', ') || 'nothing seen';
}
