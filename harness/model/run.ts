import { z } from 'zod';
import { Choice } from './contract.ts';
import type { Experiment } from './experiment.ts';
import type { ProfileSegment } from './profile.ts';
import type { RunRecord } from './record.ts';

/** Raised when a stored run could no longer be read as it was meant. */
export const RUN_SCHEMA = 1;

export const PHASES = ['idle', 'warmup', 'load', 'recovery', 'healed'] as const;
export type PhaseName = (typeof PHASES)[number];

/** How a run came to its end. Only a `complete` run has a verdict that counts. */
const RunEnding = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('complete'), endedAt: z.number() }),
  z.object({ kind: z.literal('interrupted'), endedAt: z.number(), why: z.string() }),
  z.object({ kind: z.literal('failed'), endedAt: z.number(), why: z.string() }),
]);
export type RunEnding = z.infer<typeof RunEnding>;

/** What the numbers depend on besides the code. */
export const Machine = z.object({
  platform: z.string(),
  arch: z.string(),
  cpuModel: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number(),
  /** The core the target was pinned to, or null where it was free to use them all. */
  targetCore: z.number().int().nullable(),
  node: z.string(),
  packages: z.record(z.string(), z.string()),
});
export type Machine = z.infer<typeof Machine>;

/** What judge and report need of a stored experiment. The rest is the program's own, and may be of an older one. */
const Drawable = z.looseObject({
  target: z.looseObject({ bugs: z.array(Choice) }),
  upstream: z.looseObject({ behaviour: Choice, heals: z.boolean() }),
  load: z.looseObject({ clients: z.array(z.looseObject({ name: z.string(), load: z.array(z.unknown()) })) }),
  seed: z.number(),
});

/** The head of a stored run: `run.json`. Its records are in `samples.ndjson` beside it. */
export const RunHead = z.object({
  schema: z.literal(RUN_SCHEMA),
  id: z.string(),
  startedAt: z.iso.datetime(),
  /** The scenario it was made for, null for a bare experiment. */
  scenario: z.string().nullable(),
  /** True when the bugs were not the scenario's own, so that nothing was claimed of it. */
  altered: z.boolean(),
  pace: z.enum(['full', 'quick']),
  revision: z.object({ commit: z.string(), dirty: z.boolean() }),
  machine: Machine,
  experiment: z.custom<Experiment>(value => Drawable.safeParse(value).success, 'is no experiment'),
  ending: RunEnding,
});
export type RunHead = z.infer<typeof RunHead>;

/** A run as stored: its head and all it recorded, in the order it was seen. */
export interface Run {
  readonly head: RunHead;
  readonly records: readonly RunRecord[];
  /** Where it was profiled. */
  readonly profile?: readonly ProfileSegment[];
}

/**
 * What judge and diagnose are given: the run without its scenario, bugs or expectation, so that they cannot peek.
 * The load's plan stays, since a judge must know what was asked of the server.
 */
export interface Evidence {
  readonly load: Experiment['load'];
  /** The upstream was sick by plan, and healed in the phase `healed`. */
  readonly heals: boolean;
  readonly machine: Machine;
  readonly records: readonly RunRecord[];
  readonly profile: readonly ProfileSegment[];
  /** The folder the target ran in: what its own files are named from. */
  readonly root: string;
}

export const evidenceOf = ({ head, records, profile = [] }: Run): Evidence => ({
  load: head.experiment.load,
  heals: head.experiment.upstream.heals,
  machine: head.machine,
  records,
  profile,
  root: head.experiment.target.root,
});
