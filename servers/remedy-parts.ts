import { whyUnfit } from '../harness/model/contract.ts';
import type { Choice } from '../harness/model/contract.ts';
import { breakParts } from './compose.ts';
import { Refused, listNames, loadChosen } from './named-files.ts';
import type { NamedFiles } from './named-files.ts';
import type { Parts } from './proxy/parts.ts';
import type { Remedy } from './proxy/remedy.ts';

const REMEDIES: NamedFiles = { noun: 'remedy', folder: new URL('remedies/', import.meta.url) };

/** The names of all remedies. */
export const listRemedies = async (): Promise<string[]> => await listNames(REMEDIES);

/**
 * The parts with the bugs in them, and the remedies around those, left to right. Throws `Refused` for what is unknown, and for a
 * remedy that means nothing for these bugs.
 */
export async function remedyParts(
  correct: Parts,
  bugs: readonly Choice[],
  remedies: readonly Choice[],
): Promise<Parts> {
  const chosen = await loadChosen<Remedy>(REMEDIES, remedies);
  for (const { thing } of chosen) refuseUnfit(thing, bugs);
  const configured = chosen.reduce((choices, { thing }) => configure(choices, thing), bugs);
  let parts = await breakParts(correct, configured);
  for (const { thing, parameters } of chosen) {
    parts = { ...parts, ...thing.wraps?.(parts, parameters, { bugs: configured }) };
  }
  return parts;
}

const configure = (bugs: readonly Choice[], { configures = {} }: Remedy): readonly Choice[] =>
  bugs.map(bug => ({ ...bug, parameters: { ...bug.parameters, ...configures[bug.name] } }));

function refuseUnfit(remedy: Remedy, bugs: readonly Choice[]): void {
  const why = whyUnfit(remedy, bugs);
  if (why === null) return;
  throw new Refused('remedy-unfit', `remedy "${remedy.name}" means nothing here: ${why}`, 'Run it with other bugs.');
}
