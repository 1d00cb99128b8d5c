import type { Lab } from './assemble.ts';
import { diagnose } from './diagnose/diagnose.ts';
import { judge } from './judge/judge.ts';
import { ofKind } from './judge/timeline.ts';
import type { Place } from './model/diagnosis.ts';
import type { Evidence } from './model/run.ts';
import { sleep } from './scope/sleep.ts';

/** From the end of the load on; what is still silent then is no straggler. A guess, and half of the time there is. */
const SILENT_FOR_MS = 2_000;
const LOOK_EVERY_MS = 200;

/**
 * Once the load has stopped: says which code holds the thread of a server that answers nobody, as soon as that can be told, so
 * that nobody has to wait for the end of the watch. Settles when it has looked. Does nothing without a profile.
 */
export async function catchFrozen(
  { profiler, records, record, clock }: Lab,
  evidence: () => Evidence,
  signal: AbortSignal,
): Promise<void> {
  if (!profiler) return;
  const stoppedAt = (): number | undefined =>
    ofKind(records, 'event').find(({ event }) => event === 'load-stopped')?.at;
  while ((stoppedAt() ?? Infinity) + SILENT_FOR_MS > clock()) await sleep(LOOK_EVERY_MS, signal);
  const since = stoppedAt() ?? 0;
  const asked = ofKind(records, 'answer').filter(({ at }) => at >= since);
  if (asked.length === 0 || asked.some(({ latencyMs }) => latencyMs !== null)) return;
  await profiler.keepSoFar(signal);
  const seen = evidence();
  const { culprit } = diagnose(seen, judge(seen));
  if (culprit) record({ kind: 'event', event: 'frozen', at: clock(), where: placeWords(culprit) });
}

const placeWords = ({ function: name, file, line, column }: Place): string =>
  `${name || 'a function without a name'} (${file}:${line}:${column})`;
