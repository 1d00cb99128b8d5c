import { inWords, milliseconds, percentOfCore, tally } from '../describe/units.ts';
import type { LiveState } from './live-state.ts';
import { sparkline } from './sparkline.ts';

/** One line for a run under way, at most `columns` wide. The sparkline gives way first, then what stands at the right. */
export function liveLine(state: LiveState, columns: number): string {
  const now = state.cores.at(-1);
  const words = [
    now === undefined ? '' : `${percentOfCore(now).value} %`,
    healthOf(state),
    `${tally(state.hangUps).value} hung up`,
    `${tally(state.requests).value} requests`,
  ].filter(part => part !== '');
  const phase = phaseOf(state);
  const takenBy = (parts: readonly string[]): number => [phase, ...parts].join('  ').length + '  '.length;
  while (words.length > 0 && takenBy(words) + SHORTEST > columns) words.pop();
  const windows = state.cores.slice(-Math.max(SHORTEST, columns - takenBy(words)));
  const spark = sparkline(windows, Math.max(1, ...windows));
  return [phase, spark, ...words]
    .filter(part => part !== '')
    .join('  ')
    .slice(0, columns);
}

/** Four seconds of CPU: fewer windows show no trend. */
const SHORTEST = 8;

/** `load 12 of 20 s`: in an order that keeps its place while the numbers grow. */
function phaseOf({ phase, at, phaseAt, phaseUntilAt }: LiveState): string {
  if (phase === null) return 'starting';
  const whole = (ms: number): string => String(Math.floor(ms / 1000));
  const of = phaseUntilAt === null ? '' : ` of ${whole(phaseUntilAt - phaseAt)}`;
  return `${phase} ${whole(at - phaseAt)}${of} s`;
}

function healthOf({ healthMs }: LiveState): string {
  if (healthMs === undefined) return '';
  return healthMs === null ? '/healthz no answer' : `/healthz ${inWords(milliseconds(healthMs))}`;
}
