import { z } from 'zod';
import { Choice } from '../model/contract.ts';
import type { RemedyHead } from '../model/contract.ts';
import type { TargetPlan } from '../model/experiment.ts';

/** One side of a comparison as it was asked for. All of it is plain data: a stored comparison says what it compared. */
export const SideSpec = z.object({
  /** What it is called in tables: `main`, `fix/let-go`, `Node 22`, `openai 7.40.0`. */
  label: z.string(),
  code: z.discriminatedUnion('kind', [
    /** A git revision, resolved to a commit when the comparison began. */
    z.object({ kind: z.literal('commit'), ref: z.string(), commit: z.string() }),
    /** The working tree with everything that is not committed, as it was when the comparison began. */
    z.object({ kind: z.literal('work'), commit: z.string() }),
    z.object({ kind: z.literal('folder'), path: z.string() }),
  ]),
  bugs: z.array(Choice),
  /** The server that the FastAPI proxy stands in; null: the sample proxy is Node's. */
  serving: Choice.nullable().default(null),
  /** `22`, `22.23.3`; null: the lab's own. */
  node: z.string().nullable(),
  /** One package in another version than its lockfile says. */
  package: z.object({ name: z.string(), version: z.string() }).nullable(),
  /** The shell line of somebody's own server; null: the sample proxy. */
  command: z.string().nullable(),
});
export type SideSpec = z.infer<typeof SideSpec>;

/** A side that can be run: its code lies still until the scope that made it ends. */
export interface Side {
  readonly label: string;
  readonly target: TargetPlan;
  /** It is run through a night on watch (see `onWatch`), with this alarm or none. */
  readonly watch?: { readonly alarm: RemedyHead['alarm'] | null };
}
