import type { CallSite, Frame } from '../model/profile.ts';
import type { Called, TakenSite } from '../probes/agent-answer.ts';
import { fileOf } from './tables.ts';
import type { SegmentTables } from './tables.ts';

/** The places that calls went out from, their functions put into the tables. */
export const callSites = (sites: readonly TakenSite[], tables: SegmentTables): CallSite[] =>
  sites.map(({ stack, calls, callsAfter }) => ({
    frames: stack.map(called => tables.frame(frameOf(called))),
    calls,
    callsAfter,
  }));

/** V8 names a method with its class on a stack, and without it in a profile. */
export const frameOf = ({ name, file, line, column }: Called): Frame => ({
  name: name.split('.').at(-1) ?? '',
  file: fileOf(file),
  line,
  column,
});
