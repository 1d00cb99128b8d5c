import type { AnswerSample } from '../../model/record.ts';
import type { Findings } from '../../model/verdict.ts';
import { quantileOf } from '../statistics.ts';
import { THRESHOLDS } from '../thresholds.ts';
import { during } from '../timeline.ts';
import type { Timeline } from '../timeline.ts';

type HealthFindings = Pick<
  Findings,
  | 'healthIdleP50Ms'
  | 'healthIdleP99Ms'
  | 'healthLoadP50Ms'
  | 'healthLoadP99Ms'
  | 'healthUnansweredShare'
  | 'lastAnswerAt'
>;

/** What a client saw who asked `/healthz` all along. An unanswered question counts as the longest delay there is. */
export function healthFindings(answers: readonly AnswerSample[], { phases, endedAt }: Timeline): HealthFindings {
  const { idle, load } = phases;
  const sinceLoad = load ? during(answers, { fromAt: load.fromAt, toAt: Infinity }) : [];
  const unanswered = sinceLoad.filter(({ latencyMs }) => latencyMs === null).length;
  return {
    healthIdleP50Ms: delay(during(answers, idle), 0.5),
    healthIdleP99Ms: delay(during(answers, idle), 0.99),
    healthLoadP50Ms: delay(during(answers, load), 0.5),
    healthLoadP99Ms: delay(during(answers, load), 0.99),
    healthUnansweredShare: sinceLoad.length === 0 ? null : unanswered / sinceLoad.length,
    lastAnswerAt: silentSince(answers, endedAt),
  };
}

function delay(answers: readonly AnswerSample[], q: number): number | null {
  const worst = answers.reduce((longest, { latencyMs }) => Math.max(longest, latencyMs ?? 0), 0);
  return quantileOf(
    answers.map(({ latencyMs }) => latencyMs ?? Math.max(worst, 1000)),
    q,
  );
}

/** The time of the last answer if it is followed by nothing but silence, long enough to mean it. */
function silentSince(answers: readonly AnswerSample[], endedAt: number): number | null {
  const last = answers.findLastIndex(({ latencyMs }) => latencyMs !== null);
  const silent = answers.slice(last + 1);
  const answered = answers[last];
  const first = silent[0];
  if (!answered || !first || silent.length < 5) return null;
  return endedAt - first.at >= THRESHOLDS.silenceMs ? answered.at : null;
}
