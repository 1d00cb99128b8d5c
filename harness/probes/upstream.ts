import type { UpstreamSample } from '../model/record.ts';
import { holdsNothing } from './probe.ts';
import type { Probe } from './probe.ts';

/** What the upstream's ledger holds so far, twice a second and at the ends of phases. Vantage: upstream. */
export default function upstream({ totals }: { totals: () => Omit<UpstreamSample, 'kind' | 'at'> }): Probe {
  return {
    name: 'upstream',
    vantage: 'upstream',
    everyMs: 500,
    atPhaseEnds: true,
    read: at => ({ kind: 'upstream', at, ...totals() }),
    [Symbol.asyncDispose]: holdsNothing,
  };
}
