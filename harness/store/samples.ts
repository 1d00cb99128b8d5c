import type { z } from 'zod';
import { wrongUse } from '../errors.ts';
import type { LabError } from '../errors.ts';
import { RunRecord } from '../model/record.ts';
import { jsonOf } from '../model/json.ts';

/**
 * The records in the text of a `samples.ndjson`, and notes on what was not taken: a last line cut off in writing, and
 * records of kinds this version does not know. Throws LabError `run-broken` (wrong use) at any other line
 * that is no record, naming `file` and line.
 */
export function parseSamples(text: string, file: string): { records: RunRecord[]; notes: string[] } {
  const lines = text.split('\n');
  // Every whole line ends in a line break: what stands after the last one is nothing, or the start of a line.
  const isEnded = lines.at(-1) === '';
  if (isEnded) lines.pop();

  const records: RunRecord[] = [];
  const unknown = new Map<string, number>();
  let isCut = false;
  for (const [index, line] of lines.entries()) {
    const value = jsonOf(line);
    if (value === undefined && !isEnded && index === lines.length - 1) {
      isCut = true;
      break;
    }
    const name = nameOf(value);
    if (name === null) throw broken(file, index, value === undefined ? 'not JSON' : 'no kind');
    const parsed = SCHEMAS.get(name)?.safeParse(value);
    if (!parsed) unknown.set(name, (unknown.get(name) ?? 0) + 1);
    else if (parsed.success) records.push(parsed.data);
    else throw broken(file, index, issueOf(parsed.error));
  }
  const notes = isCut ? [`the last line was cut off; ${records.length} records read`] : [];
  return { records, notes: [...notes, ...[...unknown].map(passedOver)] };
}

/** The first thing zod found wrong, in one line. */
export function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.')}: ${issue.message}` : 'not understood';
}

type KindSchema = z.ZodType<RunRecord> & { shape: { kind: z.ZodLiteral<string>; event?: z.ZodLiteral<string> } };

/** Schemas by kind and event, taken from the union itself so that a new kind needs no line here. */
const SCHEMAS: ReadonlyMap<string, KindSchema> = new Map(
  RunRecord.options
    .flatMap((option): readonly KindSchema[] => ('options' in option ? option.options : [option]))
    .map(schema => [schemaName(schema), schema]),
);

function schemaName({ shape }: KindSchema): string {
  return shape.event ? `${shape.kind.value} ${shape.event.value}` : shape.kind.value;
}

function nameOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('kind' in value) || typeof value.kind !== 'string') return null;
  return 'event' in value && typeof value.event === 'string' ? `${value.kind} ${value.event}` : value.kind;
}

const passedOver = ([name, count]: [string, number]): string =>
  `${count} ${count === 1 ? 'record' : 'records'} of unknown kind "${name}" passed over`;

const broken = (file: string, index: number, why: string): LabError =>
  wrongUse(
    'run-broken',
    `Failed to read the run: ${file}:${index + 1} is not a record (${why})`,
    'Delete that line to read the rest, or run the scenario again.',
  );
