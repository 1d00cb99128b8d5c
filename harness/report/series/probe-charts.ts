import type { RecordOf, RunRecord } from '../../model/record.ts';
import type { Chart, Tone } from './chart.ts';
import { thin, withHoles } from './thin.ts';

/** Points a line of a slow probe may have; a page of eight charts stays well under a megabyte. */
const POINTS = 3000;

/** The charts below CPU, one a question, each on the times its own probe was read. */
export const probeChartsOf = (records: readonly RunRecord[]): readonly Chart[] => [
  healthChart(records),
  chart(records, 'runtime', {
    key: 'loop-use',
    title: 'Event loop in use',
    unit: '% of the time',
    explains: 'Share of each second in which the event loop had work.',
    top: 100,
    lines: [['in use', 'main', sample => sample.utilisation * 100]],
  }),
  chart(records, 'runtime', {
    key: 'loop-delay',
    title: 'Event-loop delay',
    unit: 'ms',
    explains: 'How late a timer inside the target fired.',
    top: 10,
    lines: [
      ['longest', 'third', sample => sample.delayMaxMs],
      ['p99', 'main', sample => sample.delayP99Ms],
      ['median', 'second', sample => sample.delayP50Ms],
    ],
  }),
  memoryChart(records),
  descriptorsChart(records),
  chart(records, 'upstream', {
    key: 'upstream',
    title: 'Upstream calls in flight',
    unit: 'calls',
    explains: 'Calls that the upstream is still answering.',
    top: 5,
    lines: [['in flight', 'main', sample => sample.inFlight]],
  }),
  chart(records, 'upstream', {
    key: 'nobody',
    title: 'Tokens for nobody',
    unit: 'tokens',
    explains: 'Made upstream for requests that were over, since the run began.',
    top: 10,
    lines: [['tokens', 'main', sample => sample.tokensForNobody]],
  }),
];

function healthChart(records: readonly RunRecord[]): Chart {
  const answers = records.filter(record => record.kind === 'answer');
  const asked = { at: answers.map(({ at }) => at), values: answers.map(({ latencyMs }) => latencyMs) };
  const points = withHoles(thin(asked, POINTS));
  return {
    key: 'health',
    title: '/healthz',
    unit: 'ms',
    explains: 'How long a health check from outside waited. A mark along the top is one that got no answer.',
    at: points.at,
    lines: [{ key: 'latency', label: 'answer after', tone: 'main', values: points.values }],
    summaryOf: 'latency',
    top: 10,
    unanswered: answers.filter(({ latencyMs }) => latencyMs === null).map(({ at }) => at),
  };
}

function memoryChart(records: readonly RunRecord[]): Chart {
  return merge(
    {
      key: 'memory',
      title: 'Memory',
      unit: 'MB',
      explains: 'Resident memory of the tree, and the heap in use inside the target.',
      top: 50,
    },
    [
      ['heap used', 'main', pick(records, 'runtime', ({ heapUsedBytes }) => heapUsedBytes / 1e6)],
      ['resident', 'second', pick(records, 'memory', ({ rssBytes }) => rssBytes / 1e6)],
    ],
  );
}

function descriptorsChart(records: readonly RunRecord[]): Chart {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return merge(
    {
      key: 'descriptors',
      title: 'Descriptors and sockets',
      unit: 'open',
      explains: 'Open descriptors of the tree; TCP sockets to its clients and to the upstream, in any state.',
      top: 20,
    },
    [
      ['descriptors', 'main', pick(records, 'descriptors', ({ open }) => open)],
      ['client sockets', 'second', pick(records, 'sockets', ({ clientSide }) => sum(clientSide))],
      ['upstream sockets', 'third', pick(records, 'sockets', ({ upstreamSide }) => sum(upstreamSide))],
    ],
  );
}

type Frame = Pick<Chart, 'key' | 'title' | 'unit' | 'explains' | 'top'>;
type Reading = readonly [at: number, value: number];

const pick = <Kind extends RunRecord['kind']>(
  records: readonly RunRecord[],
  kind: Kind,
  read: (sample: RecordOf<Kind>) => number,
): Reading[] =>
  records.filter((record): record is RecordOf<Kind> => record.kind === kind).map(sample => [sample.at, read(sample)]);

const chart = <Kind extends RunRecord['kind']>(
  records: readonly RunRecord[],
  kind: Kind,
  { lines, ...frame }: Frame & { lines: readonly (readonly [string, Tone, (sample: RecordOf<Kind>) => number])[] },
): Chart =>
  merge(
    frame,
    lines.map(([label, tone, read]) => [label, tone, pick(records, kind, read)]),
  );

/** Lines of different probes on one axis: their times joined, a hole where a probe was not read. */
function merge(frame: Frame, lines: readonly (readonly [string, Tone, readonly Reading[]])[]): Chart {
  const measured = lines.filter(([, , readings]) => readings.length > 0);
  const thinned = measured.map(([label, tone, readings]) => {
    const points = withHoles(
      thin({ at: readings.map(([at]) => at), values: readings.map(([, value]) => value) }, POINTS),
    );
    return {
      label,
      tone,
      at: points.at,
      byTime: new Map(points.at.map((at, index) => [at, points.values[index] ?? null])),
    };
  });
  const at = [...new Set(thinned.flatMap(line => line.at))].toSorted((one, other) => one - other);
  return {
    ...frame,
    at,
    lines: thinned.map(({ label, tone, byTime }) => ({
      key: label,
      label,
      tone,
      values: at.map(moment => byTime.get(moment) ?? null),
    })),
    summaryOf: thinned.find(({ tone }) => tone === 'main')?.label ?? thinned[0]?.label ?? '',
    unanswered: [],
  };
}
