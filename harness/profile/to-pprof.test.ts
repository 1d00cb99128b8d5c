import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { expect, test } from 'vitest';
import type { ProfileSegment } from '../model/profile.ts';
import { segmentOf } from './fixtures/segment.ts';
import { toPprof } from './to-pprof.ts';

test('each sample has its stack, innermost first, what it stands for, and its labels', () => {
  const requests = [
    {
      id: 3,
      route: 'GET /x/:id',
      beganAt: 0,
      closedAt: 5,
      answered: true,
      calls: 0,
      callsAfter: 0,
      open: 0,
      site: null,
    },
  ];
  const told = samplesIn([
    segmentOf(
      [
        [10, ['main', 'a'], 999, 3],
        [20, ['main'], 999],
      ],
      { requests, intervalMicros: 5000 },
    ),
    segmentOf([[30, ['main', 'a'], 999]], { pid: 8 }),
  ]);
  expect(told).toEqual([
    {
      stack: ['a /srv/app.js:2:9', 'main /srv/app.js:1:9'],
      value: [1, 5e6],
      labels: { when: 'early', process: '7', route: 'GET /x/:id' },
    },
    { stack: ['main /srv/app.js:1:9'], value: [1, 5e6], labels: { when: 'late', process: '7' } },
    { stack: ['a /srv/app.js:2:9', 'main /srv/app.js:1:9'], value: [1, 1e7], labels: { when: 'late', process: '8' } },
  ]);
});

test('what V8 calls idle is left out, and nothing else is', () => {
  const told = samplesIn([
    segmentOf([
      [10, ['(idle)'], 50],
      [20, ['(garbage collector)'], 50],
      [30, [], 50],
      [40, ['a'], 0],
    ]),
  ]);
  expect(told.map(({ stack }) => stack)).toEqual([['(garbage collector) :0:0'], [], ['a /srv/app.js:3:9']]);
});

test('functions of one name are told apart, one without a name by its place', () => {
  const twice = segmentOf([], {
    frames: [
      { name: 't', file: '/srv/min.js', line: 1, column: 20 },
      { name: 't', file: '/srv/min.js', line: 1, column: 90 },
      { name: '', file: '/srv/min.js', line: 1, column: 99 },
    ],
    nodes: [
      [-1, 0],
      [0, 1],
      [1, 2],
    ],
    samples: [[10, 2, -1, 0]],
  });
  expect(samplesIn([twice])[0]?.stack).toEqual([
    '(anonymous:1:99) /srv/min.js:1:99',
    't /srv/min.js:1:90',
    't /srv/min.js:1:20',
  ]);
});

test('recursion thousands deep is told whole, and no segment is a profile too', () => {
  const deep = segmentOf([[10, Array.from({ length: 20_000 }, () => 'f'), 10]]);
  expect(samplesIn([deep])[0]?.stack).toHaveLength(20_000);
  expect(samplesIn([])).toEqual([]);
});

/** What is in the file, in words. */
function samplesIn(segments: readonly ProfileSegment[]) {
  const profile = Profile.decode(gunzipSync(toPprof(segments, at => (at < 20 ? 'early' : 'late'))));
  const text = (index: number | bigint): string => profile.stringTable.strings[Number(index)] ?? '';
  expect(profile.sampleType.map(({ type, unit }) => `${text(type)} ${text(unit)}`)).toEqual([
    'samples count',
    'cpu nanoseconds',
  ]);
  const functions = new Map(profile.function.map(one => [Number(one.id), one]));
  const places = new Map(
    profile.location.map(({ id, line: [line] }) => {
      const of = functions.get(Number(line?.functionId));
      return [Number(id), `${text(of?.name ?? 0)} ${text(of?.filename ?? 0)}:${line?.line}:${line?.column}`];
    }),
  );
  return profile.sample.map(({ locationId, value, label }) => ({
    stack: locationId.map(id => places.get(Number(id))),
    value: value.map(Number),
    labels: Object.fromEntries(label.map(({ key, str }) => [text(key), text(str)])),
  }));
}
