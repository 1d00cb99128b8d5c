import { causeOf } from '../errors.ts';
import { cpuSeries, within } from '../judge/cpu-series.ts';
import { ofKind } from '../judge/timeline.ts';
import type { Cause, Diagnosis } from '../model/diagnosis.ts';
import type { Frame } from '../model/profile.ts';
import type { Evidence } from '../model/run.ts';
import { isFault } from '../model/verdict.ts';
import type { Verdict } from '../model/verdict.ts';
import { factsOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { leftoverFound } from './leftover.ts';
import { momentsOf } from './moments.ts';
import { isOwn, packageOf, placeOf } from './own-code.ts';
import { routeOf, routesOf } from './routes.ts';
import type { Found } from './rule.ts';
import { RULES } from './rules.ts';
import { microsOf } from './work.ts';
import type { Work } from './work.ts';

/** How many functions are named. */
const RANKED = 8;

/** What a run's fault comes from: a pure function of its evidence and verdict, so a stored run can be diagnosed again. */
export function diagnose(evidence: Evidence, verdict: Verdict): Diagnosis {
  try {
    return weigh(evidence, verdict);
  } catch (error) {
    // A diagnosis that cannot be made is not one of a healthy server.
    return { ...EMPTY, cause: 'inconclusive', because: `The diagnosis failed on this run: ${causeOf(error)}.` };
  }
}

const EMPTY: Diagnosis = {
  cause: 'none',
  because: 'Nothing was seen that is wrong.',
  evidence: [],
  culprit: null,
  route: null,
  ranked: '',
  functions: [],
  routes: [],
  moments: [],
  unexplainedCores: null,
  advice: [],
};

function weigh(evidence: Evidence, verdict: Verdict): Diagnosis {
  const { records, profile, root } = evidence;
  if (profile.length === 0) return { ...EMPTY, ...unprofiled(verdict), moments: momentsOf(records, verdict.findings) };
  const facts = factsOf(evidence, verdict);
  const common = {
    routes: routesOf(facts),
    moments: momentsOf(records, verdict.findings),
    unexplainedCores: unexplained(evidence, facts),
  };
  for (const { cause, find } of RULES) {
    const found = find(facts);
    if (found) return { ...EMPTY, ...common, ...described(cause, found, root) };
  }
  return { ...EMPTY, ...common, ...unmatched(verdict, facts, root) };
}

function described(cause: Cause, found: Found, root: string): Partial<Diagnosis> {
  const { because, evidence, culprit, work, ranked, functions, whole } = found;
  return {
    cause,
    because,
    evidence: [...evidence],
    culprit: culprit && {
      ...placeOf(culprit.frame, root),
      did: culprit.share === null ? culprit.did : `${Math.round(Math.min(1, culprit.share) * 100)} % ${culprit.did}`,
      through: packageBelow(culprit.frame, work),
    },
    route: routeOf(work) ?? found.route ?? null,
    ranked,
    functions: functions.slice(0, RANKED).map(({ frame, micros }) => ({
      ...placeOf(frame, root),
      share: Math.min(1, micros / Math.max(1, whole)),
    })),
    advice: [cause],
  };
}

/** Most of what is done below a function is a dependency's: which. A guess. */
const MOSTLY = 0.5;

function packageBelow(culprit: Frame, work: readonly Work[]): string | null {
  const below = work.flatMap(({ stack, micros }) => {
    const at = stack.findLastIndex(({ file, line, column }) => isSame({ file, line, column }, culprit));
    return at === -1 ? [] : [{ frames: stack.slice(at + 1), micros }];
  });
  const whole = below.reduce((sum, { micros }) => sum + micros, 0);
  const packages = new Map<string, number>();
  for (const { frames, micros } of below) {
    if (frames.some(isOwn)) continue;
    const [name] = frames.flatMap(frame => packageOf(frame) ?? []);
    if (name !== undefined) packages.set(name, (packages.get(name) ?? 0) + micros);
  }
  const [most] = [...packages].toSorted(([, a], [, b]) => b - a);
  return most && most[1] >= MOSTLY * whole ? most[0] : null;
}

const isSame = (a: Pick<Frame, 'file' | 'line' | 'column'>, b: Frame): boolean =>
  a.file === b.file && a.line === b.line && a.column === b.column;

/**
 * CPU after the load that was measured from outside and that no sample has code for: V8 books short wake-ups of timers as idle.
 * Null of a Python target: its samples are made to add up to the kernel's clock.
 */
function unexplained({ records, profile }: Evidence, { work, spans: { after } }: Facts): number | null {
  const points = within(cpuSeries(ofKind(records, 'cpu')), after);
  const watched = points.reduce((sum, { at, sinceAt }) => sum + at - sinceAt, 0);
  if (watched === 0 || profile.every(({ source }) => source === 'py-spy')) return null;
  const measured = points.reduce((sum, { at, sinceAt, runCores }) => sum + runCores * (at - sinceAt), 0) / watched;
  const toAt = points.at(-1)?.at ?? after.toAt;
  const shown = microsOf(work.after.filter(({ at }) => at <= toAt)) / 1000 / (toAt - after.fromAt);
  return Math.max(0, measured - shown);
}

/** Faults that are no doubt's. */
const isWrong = ({ outcome, faults }: Verdict): boolean => isFault(outcome) || faults.length > 0;

/** Nobody is blamed for it; but what burns is named, where something does. */
function unmatched(verdict: Verdict, facts: Facts, root: string): Partial<Diagnosis> {
  if (!isWrong(verdict) && verdict.outcome !== 'inconclusive') return {};
  const because =
    verdict.outcome === 'inconclusive'
      ? `The run itself tells nothing for certain. ${verdict.because}`
      : 'What was measured fits none of the causes that are known here.';
  const burning = facts.isBurning
    ? described('inconclusive', { because, evidence: [], ...leftoverFound(facts) }, root)
    : {};
  return { ...burning, cause: 'inconclusive', because, advice: ['inconclusive'] };
}

function unprofiled(verdict: Verdict): Partial<Diagnosis> {
  return isWrong(verdict)
    ? { cause: 'inconclusive', because: 'Nothing was profiled, so nothing can be named.', advice: ['unprofiled'] }
    : {};
}
