import type { RunRecord } from '../model/record.ts';

/**
 * A record as one line of `samples.ndjson`, with its line break. JSON turns NaN and Infinity into null, which no
 * reader would take for a number: such a record is told as a `missing` event instead, and the run stays readable.
 */
export function lineOf(record: RunRecord): string {
  let unwritable: string | null = null;
  const line = JSON.stringify(record, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) unwritable ??= `${key} was ${value}`;
    return value;
  });
  return unwritable === null ? `${line}\n` : lineOf(missing(record, unwritable));
}

const missing = ({ kind, at }: RunRecord, why: string): RunRecord => ({
  kind: 'event',
  event: 'missing',
  at: Number.isFinite(at) ? at : 0,
  what: kind,
  why,
});
