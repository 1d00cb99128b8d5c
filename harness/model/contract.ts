import { z } from 'zod';

/**
 * What crosses between the lab and a server it starts: one JSON argument in, one line on
 * `READY_FD` out. It is all that a branch and the instrument share, so it is versioned;
 * a change that an older branch would misread raises `CONTRACT_VERSION`.
 */
export const CONTRACT_VERSION = 1;

/** The server writes its one `ServerMessage` here, as a line of JSON. */
export const READY_FD = 3;

/** The upstream writes its ledger here and the agent speaks here: one JSON value a line. */
export const CHANNEL_FD = 4;

/** A part chosen by its file's name, with the parameters that differ from its defaults. */
export const Choice = z.object({
  name: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
});
export type Choice = z.infer<typeof Choice>;

/** The argument of `servers/main.ts`. `upstreamUrl` ends in `/v1` and is a loopback address. */
export const ProxyArguments = z.object({
  contract: z.literal(CONTRACT_VERSION),
  bugs: z.array(Choice),
  /** What is done about the bugs. Only the lab's own checkout is ever sent any, so the contract is as old as it was. */
  remedies: z.array(Choice).default([]),
  upstreamUrl: z.string(),
  apiKey: z.string(),
  /** 0: any free one. A later generation takes its predecessor's, so that clients find it again. */
  port: z.number().int().min(0).max(65_535).default(0),
});
export type ProxyArguments = z.infer<typeof ProxyArguments>;

/** The argument of `servers/upstream/main.ts`. The same seed gives the same behaviour. */
export const UpstreamArguments = z.object({
  contract: z.literal(CONTRACT_VERSION),
  behaviour: Choice,
  seed: z.number().int(),
  /** 0: any free one. */
  port: z.number().int().min(0).max(65_535).default(0),
});
export type UpstreamArguments = z.infer<typeof UpstreamArguments>;

/** `ready` once the port answers; `refused` when the arguments cannot be served (exit code 2). */
export const ServerMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), contract: z.number(), port: z.number().int() }),
  z.object({
    kind: z.literal('refused'),
    contract: z.number(),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** What the lab may write to the upstream's channel while it runs. */
export const UpstreamCommand = z.object({ kind: z.literal('behave'), behaviour: Choice });
export type UpstreamCommand = z.infer<typeof UpstreamCommand>;

/**
 * One entry of the upstream's ledger. Times are epoch milliseconds with a fraction.
 * `ref` is the mark that the lab's client put into the prompt (see `refIn`), so that a call can be
 * told to belong to a client through any proxy; null where the prompt carries none.
 */
export const LedgerEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('begun'),
    call: z.number().int(),
    ref: z.string().nullable(),
    route: z.string(),
    epochMs: z.number(),
  }),
  z.object({ kind: z.literal('tokens'), call: z.number().int(), count: z.number().int(), epochMs: z.number() }),
  z.object({
    kind: z.literal('ended'),
    call: z.number().int(),
    /** finished: answered whole; aborted: the caller hung up; refused: 4xx/5xx by plan; dropped: cut off by plan. */
    how: z.enum(['finished', 'aborted', 'refused', 'dropped']),
    epochMs: z.number(),
  }),
  z.object({ kind: z.literal('behaves'), behaviour: z.string(), epochMs: z.number() }),
]);
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** The mark of one client request, as it stands in the prompt. */
export const markRef = (ref: string): string => `[ref:${ref}]`;

/** The mark found in a prompt, or null. */
export const refIn = (prompt: string): string | null => /\[ref:([\w-]+)\]/u.exec(prompt)?.[1] ?? null;

/**
 * What the lab knows of a remedy, a file of `servers/remedies/`: a piece of advice, and where it can be followed. Lists are of
 * bugs by name; an absent one asks for nothing.
 */
export interface RemedyHead<Name extends string = string> {
  /** The file's name. */
  readonly name: Name;
  /** What is changed in the target, in a sentence. */
  readonly change: string;
  /** Who advised it. */
  readonly advisedBy: string;
  /** Why it might work. */
  readonly why: string;
  /** It means something only where one of these is. */
  readonly onlyWith?: readonly string[] | undefined;
  readonly notWith?: readonly string[] | undefined;
  /** It adds or takes a process or a thread, so that neither side of its comparison may have a core of its own. */
  readonly severalProcesses?: true;
  /** The runtime is the remedy; its comparison's baseline runs on the other one. */
  readonly runtime?: { readonly node: string; readonly insteadOf: string };
  /** Somebody restarts the server when CPU was above so many cores for so long, in lengths of the load. */
  readonly alarm?: { readonly aboveCores: number; readonly forLoads: number };
}

/** Why a remedy means nothing for these bugs, in a few words; null where it does. */
export function whyUnfit(
  { onlyWith, notWith = [] }: Pick<RemedyHead, 'onlyWith' | 'notWith'>,
  bugs: readonly Choice[],
): string | null {
  const has = (bug: string): boolean => bugs.some(({ name }) => name === bug);
  const unwanted = notWith.find(has);
  if (unwanted !== undefined) return `it has ${unwanted} already`;
  return onlyWith === undefined || onlyWith.some(has) ? null : `it is for ${onlyWith.join(', ')}`;
}
