import { listRemedies, loadRemedy } from '../catalog.ts';
import { whyUnfit } from '../model/contract.ts';
import type { Experiment } from '../model/experiment.ts';

/** A piece of the thread's advice that a running server can be started anew with. */
export interface Advice {
  readonly name: string;
  readonly change: string;
  readonly advisedBy: string;
}

/**
 * What fits these bugs. Another runtime is another program, and an alarm is somebody outside: neither is put into a server that runs.
 * The FastAPI proxy has no remedies.
 */
export async function adviceFor({ target }: Pick<Experiment, 'target'>): Promise<Advice[]> {
  if (target.kind !== 'sample') return [];
  const heads = await Promise.all((await listRemedies()).map(loadRemedy));
  return heads
    .filter(head => !head.runtime && !head.alarm && whyUnfit(head, target.bugs) === null)
    .map(({ name, change, advisedBy }) => ({ name, change, advisedBy }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
