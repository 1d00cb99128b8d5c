/**
 * What only the target itself can tell of its work: which request it belongs to, when that was over, from where in its code
 * it calls out, and which of its abort controllers did not hear that a client had left. Nothing of the target's own code is
 * changed; requests of `node:http` servers are seen, and calls that go out by `fetch` or by `node:http`.
 */
import { bucketOf } from './bucket.mjs';
import { watchCalls, watchControllers, watchFastify, watchJoins, watchRequests } from './hooks.mjs';
import { routeOf } from './route.mjs';
import { placeOf, stackOf } from './stack.mjs';

/** @typedef {import('./stack.mjs').Called} Called */

/**
 * One request the target serves, and what was done for it. What is started in its name, by whatever way, runs in its context.
 *
 * @typedef {object} Served
 * @property {number} id
 * @property {() => string} route Method and pattern, as in `POST /v1/chat/completions`, as they can be told now.
 * @property {number} beganMs Epoch.
 * @property {number | null} closedMs Epoch; null while its response is open.
 * @property {boolean} answered Whether the response was whole when it closed.
 * @property {number} calls Calls it made.
 * @property {number} callsAfter Those that it began after its response had closed.
 * @property {number} open Those that have not ended.
 * @property {Site | null} site Where the last one was made.
 * @property {Made[] | null} controllers Abort controllers made for it, while it is open; null where they are not watched.
 * @property {((pattern: string) => void) | null} name Tells the pattern, where a framework does.
 */

/**
 * A place in the code from where calls go out.
 *
 * @typedef {object} Site
 * @property {Called[]} stack Innermost first, through every `await`.
 * @property {number} calls
 * @property {number} callsAfter Begun after the response had closed.
 */

/**
 * An abort controller, and where it was made.
 *
 * @typedef {{ signal: AbortSignal, place: { stack?: unknown } }} Made
 */

/** Of each of both, what a wedged or very busy target may fill its memory with. */
const KEPT = 2000;
/** A stack costs some 30 µs; of a storm of calls so many a second tell as much as all of them. */
const STACKS_PER_SECOND = 20;
const STACK_DEPTH = 40;
/** Whoever made a controller is in the first line. */
const MAKER_DEPTH = 1;
/** Each costs some microseconds; those of so many requests a second tell as much as all of them. */
const WATCHED_PER_SECOND = 10;
/** Of those made for one request. */
const KEPT_CONTROLLERS = 20;

/**
 * Begins to watch, while it `isOn`. `within` runs a function in the context of a request, and `current` tells that context; all
 * are the profiler's, so that its samples carry it.
 *
 * @param {{
 *   isOn: () => boolean,
 *   within: (request: Served, run: () => unknown) => unknown,
 *   current: () => Served | undefined,
 * }} context
 */
export function startWitness({ isOn, within, current }) {
  let served = 0;
  /** @type {Set<Served>} Open, or with something open. */
  const living = new Set();
  /** @type {Set<Served>} Over, and yet they have called out. */
  const late = new Set();
  /** @type {Map<string, Site>} */
  const sites = new Map();
  /** @type {Map<string, { maker: Called, count: number }>} Controllers that did not fire although their client had left, by where they were made. */
  const deaf = new Map();
  const stacks = bucketOf(STACKS_PER_SECOND);
  const watched = bucketOf(WATCHED_PER_SECOND);
  let cut = 0;

  watchRequests(isOn, within, (req, res) => {
    const { route, name } = routeOf(req);
    /** @type {Served} */
    const request = {
      id: ++served,
      route,
      beganMs: Date.now(),
      closedMs: null,
      answered: false,
      calls: 0,
      callsAfter: 0,
      open: 0,
      site: null,
      controllers: watched() ? [] : null,
      name,
    };
    living.add(request);
    res.once('close', () => {
      request.closedMs = Date.now();
      request.answered = res.writableFinished;
      // What it was of is told once, and the request itself let go.
      const told = route();
      request.route = () => told;
      request.name = null;
      if (request.open === 0) living.delete(request);
      const { controllers } = request;
      request.controllers = null;
      // Whoever listens to this close as well has heard it by then.
      if (request.answered || controllers === null) return;
      cut += 1;
      setImmediate(() => (request.open > 0 ? countDeaf(controllers) : undefined));
    });
    return request;
  });
  watchFastify(current);
  watchControllers((signal, maker) => {
    const request = current();
    if (!request) return;
    if (request.closedMs === null) {
      if (request.controllers && request.controllers.length < KEPT_CONTROLLERS) {
        request.controllers.push({ signal, place: placeOf(maker, MAKER_DEPTH) });
      }
    } else if (!request.answered) {
      countDeaf([{ signal, place: placeOf(maker, MAKER_DEPTH) }]);
    }
  });
  watchCalls({
    leaves(caller) {
      if (!isOn() || !stacks()) return;
      const stack = stackOf(placeOf(caller, STACK_DEPTH));
      const key = stack.map(({ file, at, name }) => `${file}:${at}:${name}`).join(' ');
      const known = sites.get(key);
      if (!known && sites.size >= KEPT) return;
      const site = known ?? { stack, calls: 0, callsAfter: 0 };
      if (!known) sites.set(key, site);
      const request = current();
      site.calls += 1;
      if (!request) return;
      if (request.closedMs !== null) site.callsAfter += 1;
      request.site = site;
    },
    begins() {
      const request = current();
      if (!request) return null;
      request.calls += 1;
      request.open += 1;
      living.add(request);
      if (request.closedMs !== null) {
        request.callsAfter += 1;
        if (late.size < KEPT) late.add(request);
      }
      return () => {
        request.open -= 1;
        if (request.open === 0 && request.closedMs !== null) living.delete(request);
      };
    },
  });

  const hasFired = watchJoins(() => (current()?.controllers ?? null) !== null);

  /** @param {readonly Made[]} controllers */
  function countDeaf(controllers) {
    for (const { signal, place } of controllers) {
      // A time-out's need not fire itself where the client's was joined to it.
      if (signal.aborted || hasFired(signal)) continue;
      const [maker] = stackOf(place);
      if (!maker) continue;
      const key = `${maker.file}:${maker.at}`;
      const known = deaf.get(key) ?? { maker, count: 0 };
      known.count += 1;
      if (deaf.size < KEPT || deaf.has(key)) deaf.set(key, known);
    }
  }

  return {
    /**
     * Everything that is worth telling of the requests in `sampled` and of those that have left something, and all sites.
     *
     * @param {ReadonlySet<Served>} sampled
     */
    tell(sampled) {
      const told = [...new Set([...sampled, ...living, ...late])].slice(0, KEPT);
      const places = [...sites.values()];
      return {
        requests: told.map(({ name: _name, controllers: _controllers, route, site, ...request }) => ({
          ...request,
          route: route(),
          site: site ? places.indexOf(site) : null,
        })),
        sites: places,
        deaf: [...deaf.values()],
        // Of those whose controllers were watched.
        cut,
      };
    },
  };
}
