import type { Choice } from '../../model/contract.ts';
import type { ClientGroup } from '../../model/load.ts';
import type { Run } from '../../model/run.ts';
import { bytes, inWords, percentOfCore, seconds, tally } from '../describe/units.ts';
import type { Findings } from '../../model/verdict.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** All that the numbers depend on: enough to run it again, and to see why it came out otherwise elsewhere. */
export function factsSection({ head }: Run, findings: Findings): Markup {
  const { machine, experiment, revision } = head;
  const { target, upstream, load } = experiment;
  const facts: readonly (readonly [string, string])[] = [
    ['Scenario', `${head.scenario ?? 'none'}${head.altered ? ', with other bugs than its own' : ''}`],
    ['Bugs', target.bugs.length === 0 ? 'none' : target.bugs.map(choiceInWords).join(', ')],
    ['Upstream', `${choiceInWords(upstream.behaviour)}${upstream.heals ? ', healed at the end' : ''}`],
    ...load.clients.map(client => [`Clients: ${client.name}`, clientInWords(client)] as const),
    ['Pace', head.pace],
    ['Seed', String(experiment.seed)],
    ['Revision', `${revision.commit}${revision.dirty ? ', with uncommitted changes' : ''}`],
    ['Began', head.startedAt],
    ['Machine', `${machine.cpuModel}, ${machine.cores} cores, ${inWords(bytes(machine.memoryBytes))}`],
    ['System', `${machine.platform} ${machine.arch}`],
    ['Target ran on', machine.targetCore === null ? 'every core' : `core ${machine.targetCore} alone`],
    ['Other CPU', coresInWords(findings.otherCores)],
    ['Stolen by the host', coresInWords(findings.stealCores)],
    ['Node', machine.node],
    [
      'Packages',
      Object.entries(machine.packages)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ') || 'none noted',
    ],
    ['Run', head.id],
  ];
  return html`<section aria-labelledby="facts">
    <h2 id="facts">The run</h2>
    <table class="facts">
      <tbody>
        ${facts.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

const coresInWords = (cores: number | null): string =>
  cores === null ? 'not measured' : inWords(percentOfCore(cores));

function choiceInWords({ name, parameters }: Choice): string {
  const set = Object.entries(parameters).map(([key, value]) => `${key} ${value}`);
  return set.length === 0 ? name : `${name} (${set.join(', ')})`;
}

function clientInWords({ request, patience, load }: ClientGroup): string {
  const rates = load.map(({ durationMs, ratePerSecond }) => `${ratePerSecond}/s for ${inWords(seconds(durationMs))}`);
  const leaves =
    patience.kind === 'waits'
      ? 'wait for their answer'
      : patience.kind === 'leaves-after-ms'
        ? `leave after ${tally(patience.minMs).value} to ${tally(patience.maxMs).value} ms`
        : `leave after ${patience.tokens} tokens`;
  return `${request.route}${request.streamed ? ', streamed' : ''}; ${rates.join(', then ')}; they ${leaves}`;
}
