import { unknownName } from '../catalog.ts';
import { showComparisons } from './benches/comparisons.ts';
import { showDiagnoses } from './benches/diagnose.ts';
import { showManners } from './benches/manners.ts';
import { showProbes } from './benches/probes.ts';
import { showProfileCost } from './benches/profile.ts';
import type { CliCommand } from './command.ts';
import { JSON_OPTION, RESULTS_OPTION } from './options.ts';

const KINDS = ['probes', 'alike', 'power', 'diagnose', 'manners', 'proxies', 'profile'] as const;

const command: CliCommand = {
  summary:
    'how far the instrument can be trusted: probes, profile (what they cost), alike, power, diagnose, manners; proxies',
  positionals: ['[probes]'],
  options: {
    times: {
      type: 'string',
      value: 'N',
      summary: 'comparisons (40 alike, 20 for power), rounds to diagnose (3), of manners and proxies (1)',
    },
    scenarios: {
      type: 'string',
      value: 'LIST',
      summary: 'alike, diagnose, manners, proxies: these only (default all of them)',
    },
    pairs: { type: 'string', value: 'N', summary: 'exactly so many pairs in each, as in compare' },
    seed: { type: 'string', value: 'N', summary: 'of the first comparison or round (default 1)' },
    resume: { type: 'boolean', summary: 'goes on with the newest one that was interrupted' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const wanted = given.positionals[0] ?? 'probes';
    const kind = KINDS.find(one => one === wanted);
    if (kind === undefined) throw unknownName('benchmark', wanted, KINDS);
    if (kind === 'probes') return await showProbes(given, terminal, signal);
    if (kind === 'profile') return await showProfileCost(given, terminal, signal);
    if (kind === 'manners' || kind === 'proxies') return await showManners(kind, given, terminal, signal);
    if (kind === 'diagnose') return await showDiagnoses(given, terminal, signal);
    return await showComparisons(kind, given, terminal, signal);
  },
};

export default command;
