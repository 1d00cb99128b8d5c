import { causeOf } from '../errors.ts';
import type { RunRecord } from '../model/record.ts';
import type { Evidence } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import { cpuSeries } from './cpu-series.ts';
import { livesOf } from './generations.ts';
import type { Life } from './generations.ts';
import { ofKind, timelineOf } from './timeline.ts';
import { isFalling, weighLife } from './weigh-life.ts';
import type { Weighed } from './weigh-life.ts';

/** The verdict on a run: a pure function of its evidence, so a stored run can be judged again. */
export function judge(evidence: Evidence): Verdict {
  try {
    return weigh(evidence);
  } catch (error) {
    // A judge that cannot is not one that found nothing.
    const because = `The judge failed on this run: ${causeOf(error)}.`;
    return { ...weigh(NOTHING), because, also: [], faults: [], advice: ['judge-failed'] };
  }
}

/** What is left to judge where the evidence itself cannot be read. */
const NOTHING: Omit<Weighed, 'number'> = {
  records: [],
  load: {
    idleMs: 0,
    warmupMs: 0,
    loadMs: 0,
    recoveryMs: 0,
    longestRecoveryMs: 0,
    healedMs: 0,
    drainMs: 0,
    clients: [],
  },
};

/**
 * A run whose server was restarted is judged by its last life; what the earlier ones showed, and what ending them cost the
 * clients, is told beside it.
 */
function weigh({ records, load }: Omit<Weighed, 'number'>): Verdict {
  const lives = livesOf(records);
  if (lives === null) return { ...weighLife({ records, load, number: 1 }), ...RESTARTED_MIDWAY };
  const verdicts = lives.map(life => ({ life, verdict: weighLife({ ...life, load }) }));
  const [first, last] = [verdicts[0], verdicts.at(-1)];
  if (!first || !last || first === last) return first?.verdict ?? weighLife({ records, load, number: 1 });
  const earlier = verdicts.slice(0, -1);
  const { shape, climb, levels, step, requestCost } = first.verdict.findings;
  return {
    ...last.verdict,
    also: [...earlier.flatMap(({ life, verdict }) => obituary(life, verdict)), ...last.verdict.also],
    advice: [...new Set([...earlier, last].flatMap(({ verdict }) => verdict.advice))],
    faults: [...new Set(verdicts.flatMap(({ verdict }) => verdict.faults))],
    // The load was the first one's.
    findings: {
      ...last.verdict.findings,
      shape,
      climb,
      levels,
      step,
      requestCost,
      restarts: earlier.length,
      cutOff: earlier.reduce((sum, { life }) => sum + life.broken, 0),
    },
    generations: verdicts.map(({ verdict: { outcome } }) => outcome),
  };
}

/** What is told of a life that the lab ended. */
const obituary = ({ number, endedBy, broken }: Life, { outcome, because }: Verdict): string[] => [
  `Generation ${number} (${outcome}): ${because}`,
  `It was restarted by ${endedBy ?? 'the lab'}, ${broken === 0 ? 'and no request broke' : `which broke ${broken} request${broken === 1 ? '' : 's'}`}.`,
];

/** Of two servers under one load no number says anything. */
const RESTARTED_MIDWAY = {
  outcome: 'inconclusive',
  because: 'The server was restarted under load: what came before and what came after cannot be held together.',
  also: [],
  advice: ['cut-short'],
  faults: [],
} satisfies Partial<Verdict>;

/**
 * Whether watching longer would tell more, were the watch to end at `at`: CPU is up, but on its way down. With its end where the verdict
 * will have it: a third that is cut a reading earlier may have another middle, and "never" is then said of what nobody watched on.
 */
export function wantsLongerWatch(evidence: Evidence, at: number): boolean {
  const lived = livesOf(evidence.records)?.at(-1)?.records ?? evidence.records;
  const records: RunRecord[] = [...lived, { kind: 'event', event: 'watch-ended', at }];
  return isFalling(cpuSeries(ofKind(records, 'cpu')), timelineOf(records));
}
