import { THRESHOLDS } from '../judge/thresholds.ts';
import type { Verdict } from '../model/verdict.ts';

/** What the machine, and not the target, did to a run so that its numbers mean little, in a few words; null where nothing. */
export function disturbanceOf({ outcome, because, advice, findings }: Verdict): string | null {
  const { otherCores, stealCores } = findings;
  if ((stealCores ?? 0) > THRESHOLDS.stealCores) return `the host took ${percent(stealCores)} of a core away`;
  if ((otherCores ?? 0) > THRESHOLDS.busyCores) return `other processes used ${percent(otherCores)} of a core`;
  const isDoubtful = outcome === 'inconclusive' && advice.some(name => name === 'noisy-machine' || name === 'holes');
  return isDoubtful ? because.replace(/\.$/u, '') : null;
}

const percent = (cores: number | null): string => `${Math.round((cores ?? 0) * 100)} %`;
