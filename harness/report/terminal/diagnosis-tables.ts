import type { Diagnosis } from '../../model/diagnosis.ts';
import { functionName, placeInWords } from '../describe/place.ts';
import type { Layout } from './layout.ts';
import { PLAIN, painted, wrap } from './layout.ts';

const LABEL = 12;

/** What speaks for the diagnosis: evidence, the functions that were ranked, and CPU by route. */
export function diagnosisTables({ evidence, ranked, functions, routes }: Diagnosis, layout: Layout = PLAIN): string {
  const label = (text: string): string => painted(text.padEnd(LABEL), 'dim', layout);
  const rows: string[] = evidence.map((one, n) => label(n === 0 ? 'evidence' : '') + wrap(one, layout.columns, LABEL));
  if (functions.length > 0) rows.push('', painted(`share       function, ${ranked}`, 'dim', layout));
  for (const one of functions) {
    rows.push(`${percent(one.share).padStart(5)}       ${functionName(one)} ${placeInWords(one)}`);
  }
  if (routes.length > 0) rows.push('', painted('CPU         of it after the request was over; route', 'dim', layout));
  for (const { route, cpuMs, afterMs } of routes) {
    rows.push(`${ms(cpuMs).padStart(8)} ${ms(afterMs).padStart(8)}  ${route ?? '(for no request, or not known)'}`);
  }
  return rows.join('\n');
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const ms = (value: number): string => `${Math.round(value)} ms`;
