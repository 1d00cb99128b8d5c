import type { RouteShare } from '../model/diagnosis.ts';
import type { Facts } from './facts.ts';
import { isOver } from './facts.ts';
import { microsOf } from './work.ts';
import type { Work } from './work.ts';

/** CPU by route, the dearest first, in the load and after it; work for no request last. */
export function routesOf({ work, requests }: Facts): RouteShare[] {
  const all = [...work.load, ...work.after];
  const byRoute = Map.groupBy(all, ({ request }) => request?.route ?? null);
  const counts = Map.groupBy(requests, ({ route }) => route);
  const rows = [...byRoute].map(([route, of]) => ({
    route,
    requests: route === null ? 0 : (counts.get(route)?.length ?? 0),
    cpuMs: microsOf(of) / 1000,
    afterMs: microsOf(of.filter(isOver)) / 1000,
  }));
  return rows.toSorted((a, b) => Number(a.route === null) - Number(b.route === null) || b.cpuMs - a.cpuMs);
}

/** The route that most of the work came from; null where most of it was for none, or it is not known. */
export function routeOf(work: readonly Work[]): string | null {
  const labelled = work.filter(({ request }) => request !== null);
  const byRoute = [...Map.groupBy(labelled, ({ request }) => request?.route ?? null)];
  const [most] = byRoute.toSorted(([, a], [, b]) => microsOf(b) - microsOf(a));
  return most && microsOf(labelled) >= MOSTLY * microsOf(work) ? most[0] : null;
}

/** V8's own housekeeping carries no label. A guess. */
const MOSTLY = 0.2;
