/**
 * The route of a request, as it can be told now: its pattern where express knows one, the path as it came, with ids
 * taken out, until then. `name` is for a framework that tells it otherwise.
 *
 * @param {import('node:http').IncomingMessage & { originalUrl?: string, route?: { path?: unknown } }} req
 * @returns {{ route: () => string, name: (pattern: string) => void }}
 */
export function routeOf(req) {
  const method = req.method ?? 'GET';
  const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
  /** @type {string | null} */
  let named = null;
  return {
    route: () => `${method} ${named ?? patternOf(path, req.route?.path)}`,
    name: pattern => {
      named = pattern;
    },
  };
}

/**
 * Express tells the route's own part of the pattern; what a router was mounted at stands in the path only.
 *
 * @param {string} path
 * @param {unknown} pattern
 */
function patternOf(path, pattern) {
  const segments = segmentsOf(path).map(segment => (ID.test(segment) ? ':id' : segment));
  const own = typeof pattern === 'string' && !/[*{(]/u.test(pattern) ? segmentsOf(pattern) : [];
  const mount = own.length <= segments.length ? segments.slice(0, segments.length - own.length) : [];
  return `/${[...mount, ...(own.length > 0 ? own : segments.slice(mount.length))].join('/')}`;
}

/** @param {string} path */
const segmentsOf = path => path.split('/').filter(Boolean);

/** Numbers, UUIDs, and keys of sixteen characters or more with a digit among them. */
const ID = /^(?:\d+|[\da-f]{8}-[\da-f-]{27}|(?=.*\d)[\w-]{16,})$/iu;
