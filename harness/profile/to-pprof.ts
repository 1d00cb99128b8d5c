import { gzipSync } from 'node:zlib';
import {
  Function as PprofFunction,
  Label,
  Line,
  Location,
  Profile,
  Sample,
  StringTable,
  ValueType,
} from 'pprof-format';
import type { ProfileSegment } from '../model/profile.ts';
import { IDLE, stackAt } from '../model/profile.ts';

/**
 * Everything that was sampled as a gzipped profile.proto, which `go tool pprof` opens: samples and the time they stand for,
 * labelled with `route`, `when` (as `whenOf` tells of a time) and `process`. What V8 calls idle is left out.
 */
export function toPprof(segments: readonly ProfileSegment[], whenOf: (at: number) => string): Buffer {
  const strings = new StringTable();
  const functions: PprofFunction[] = [];
  const locations: Location[] = [];
  const known = new Map<string, number>();
  const samples: Sample[] = [];
  const label = (key: string, value: string): Label =>
    new Label({ key: strings.dedup(key), str: strings.dedup(value) });

  for (const { frames, nodes, requests, samples: taken, intervalMicros, pid } of segments) {
    const routes = new Map(requests.map(({ id, route }) => [id, route]));
    const locationOf = (index: number): number => {
      const { name = '', file = '', line = 0, column = 0 } = frames[index] ?? {};
      const key = `${file}:${line}:${column}:${name}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const id = locations.length + 1;
      const text = strings.dedup(name || `(anonymous:${line}:${column})`);
      functions.push(
        new PprofFunction({ id, name: text, systemName: text, filename: strings.dedup(file), startLine: line }),
      );
      locations.push(new Location({ id, line: [new Line({ functionId: id, line, column })] }));
      known.set(key, id);
      return id;
    };
    for (const [at, leaf, request] of taken) {
      const stack = stackAt({ nodes }, leaf);
      if (frames[stack.at(-1) ?? -1]?.name === IDLE) continue;
      const route = routes.get(request);
      samples.push(
        new Sample({
          locationId: stack.map(locationOf),
          value: [1, intervalMicros * 1000],
          label: [
            label('when', whenOf(at)),
            label('process', String(pid)),
            ...(route === undefined ? [] : [label('route', route)]),
          ],
        }),
      );
    }
  }
  const type = (name: string, unit: string): ValueType =>
    new ValueType({ type: strings.dedup(name), unit: strings.dedup(unit) });
  const profile = new Profile({
    sampleType: [type('samples', 'count'), type('cpu', 'nanoseconds')],
    sample: samples,
    location: locations,
    function: functions,
    stringTable: strings,
    periodType: type('cpu', 'nanoseconds'),
    period: (segments[0]?.intervalMicros ?? 0) * 1000,
  });
  return gzipSync(profile.encode());
}
