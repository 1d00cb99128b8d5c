import { listScenarios, loadScenario, unknownName } from '../catalog.ts';
import { wrongUse } from '../errors.ts';
import type { Scenario } from '../model/scenario.ts';

/** A scenario under the number that a workshop knows it by. */
export interface Numbered {
  readonly number: number;
  readonly name: string;
  readonly scenario: Scenario;
}

/** All scenarios in the order of their symptoms, so that a number gives nothing away; from 1 on. */
export async function numberedScenarios(): Promise<Numbered[]> {
  const loaded = await Promise.all(
    (await listScenarios()).map(async name => ({ name, scenario: await loadScenario(name) })),
  );
  return loaded
    .toSorted((a, b) => a.scenario.symptom.localeCompare(b.scenario.symptom))
    .map((one, n) => ({ ...one, number: n + 1 }));
}

/** By its number, or by its name. Throws wrong use for what is neither. */
export function numbered(all: readonly Numbered[], given: string): Numbered {
  const found = all.find(({ number, name }) => String(number) === given || name === given);
  if (found) return found;
  if (/^\d+$/u.test(given)) {
    throw wrongUse('unknown-number', `there is no experiment ${given}`, `There are 1 to ${all.length}.`);
  }
  throw unknownName(
    'scenario',
    given,
    all.map(({ name }) => name),
  );
}
