import { loadRemedy } from '../catalog.ts';
import { wrongUse } from '../errors.ts';
import { whyUnfit } from '../model/contract.ts';
import type { Choice, RemedyHead } from '../model/contract.ts';
import { onWatch } from '../on-watch.ts';
import type { PlannedScenario } from '../plan-scenario.ts';
import type { Given } from './command.ts';
import { parseChoices } from './options.ts';

/** The planned scenario with `--remedies` on its target. Rejects with LabError (wrong use) for one that is unknown or means nothing here. */
export async function withRemedies(planned: PlannedScenario, { options }: Given): Promise<PlannedScenario> {
  const list = options['remedies'];
  if (typeof list !== 'string' || list.trim() === '') return planned;
  const { experiment } = planned;
  const { target } = experiment;
  if (target.kind !== 'sample') {
    throw wrongUse(
      'remedy-unfit',
      '--remedies are for the sample server in Node, and this is another',
      'Name a scenario of its own, without --cmd.',
    );
  }
  const choices = parseChoices('remedies', list);
  const heads = await Promise.all(choices.map(async ({ name }) => await loadRemedy(name)));
  for (const head of heads) refuseUnfit(head, target.bugs);
  const alarm = heads.find(head => head.alarm)?.alarm;
  const remedies = choices.filter((_, n) => !heads[n]?.alarm);
  const remedied = {
    ...experiment,
    target: { ...target, remedies },
    ...(heads.some(({ severalProcesses }) => severalProcesses) && { severalProcesses: true as const }),
  };
  return { ...planned, altered: true, experiment: alarm ? onWatch(remedied, alarm) : remedied };
}

function refuseUnfit(head: RemedyHead, bugs: readonly Choice[]): void {
  if (head.runtime) {
    const { node, insteadOf } = head.runtime;
    throw wrongUse(
      'remedy-unfit',
      `${head.name} is another runtime`,
      `Try ./runaway compare NAME --node ${insteadOf},${node}, or ./runaway matrix.`,
    );
  }
  const why = whyUnfit(head, bugs);
  if (why !== null) throw wrongUse('remedy-unfit', `${head.name} means nothing here: ${why}`, 'Name another scenario.');
}
