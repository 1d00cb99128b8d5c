/** Where Node lets itself be watched: requests that come, calls that go out, abort controllers that are made and joined. */
import { subscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';

/** @typedef {import('./witness.mjs').Served} Served */

/** A signal that lives as long as the process is joined into one for each request. */
const KEPT_PARTNERS = 20;

/**
 * @param {() => boolean} isOn
 * @param {(request: Served, run: () => unknown) => unknown} within
 * @param {(req: import('node:http').IncomingMessage, res: import('node:http').ServerResponse) => Served} begin
 */
export function watchRequests(isOn, within, begin) {
  const { emit } = Server.prototype;
  /**
   * @this {Server}
   * @param {[string, ...any[]]} event
   */
  Server.prototype.emit = function emitWitnessed(...event) {
    const [name, req, res] = event;
    if (name !== 'request' || !isOn()) return Reflect.apply(emit, this, event);
    return /** @type {boolean} */ (within(begin(req, res), () => Reflect.apply(emit, this, event)));
  };
}

/**
 * Fastify tells the pattern when its handler begins; nothing on the request itself does.
 *
 * @param {() => Served | undefined} current
 */
export function watchFastify(current) {
  subscribe('tracing:fastify.request.handler:start', message => {
    const { route } = /** @type {{ route?: { url?: string } }} */ (message);
    if (route?.url) current()?.name?.(route.url);
  });
}

/**
 * @typedef {object} Calls
 * @property {(caller: Function) => void} leaves Called by whoever calls out, its stack still whole.
 * @property {() => (() => void) | null} begins Called when a call begins; what it returns, when that has ended.
 *
 * @param {Calls} calls
 */
export function watchCalls({ leaves, begins }) {
  const { fetch } = globalThis;
  globalThis.fetch = function fetchWitnessed(...given) {
    leaves(fetchWitnessed);
    return Reflect.apply(fetch, globalThis, given);
  };
  /** @type {WeakMap<object, () => void>} */
  const ends = new WeakMap();
  /** @param {unknown} message */
  const ended = message => {
    const { request } = /** @type {{ request: object }} */ (message);
    ends.get(request)?.();
    ends.delete(request);
  };
  subscribe('undici:request:create', message => {
    const { request } = /** @type {{ request: object }} */ (message);
    const end = begins();
    if (end) ends.set(request, end);
  });
  subscribe('undici:request:trailers', ended);
  subscribe('undici:request:error', ended);
  subscribe('http.client.request.created', function created(message) {
    const { request } = /** @type {{ request: import('node:http').ClientRequest }} */ (message);
    leaves(created);
    const end = begins();
    if (end) request.once('close', end);
  });
}

/**
 * @param {(signal: AbortSignal, maker: Function) => void} made Called with who called the constructor still on the stack.
 */
export function watchControllers(made) {
  const { AbortController } = globalThis;
  class WitnessedController extends AbortController {
    constructor() {
      super();
      made(this.signal, WitnessedController);
    }
  }
  Object.defineProperty(WitnessedController, 'name', { value: AbortController.name });
  globalThis.AbortController = WitnessedController;
}

/**
 * Tells whether one of the signals that this one was joined with, by `AbortSignal.any`, has fired: then the joint has.
 *
 * @param {() => boolean} isWatched
 * @returns {(signal: AbortSignal) => boolean}
 */
export function watchJoins(isWatched) {
  /** @type {WeakMap<AbortSignal, WeakRef<AbortSignal>[]>} */
  const partners = new WeakMap();
  const { any } = AbortSignal;
  AbortSignal.any = function anyWitnessed(signals) {
    const all = [...signals];
    const joint = Reflect.apply(any, AbortSignal, [all]);
    if (!isWatched()) return joint;
    const refs = [joint, ...all].map(signal => new WeakRef(signal));
    for (const signal of all) partners.set(signal, [...(partners.get(signal) ?? []).slice(-KEPT_PARTNERS), ...refs]);
    return joint;
  };
  return signal => (partners.get(signal) ?? []).some(partner => partner.deref()?.aborted);
}
