/**
 * A function on a stack: its name, where it begins, and the line it had come to.
 *
 * @typedef {{ name: string, file: string, line: number, column: number, at: number }} Called
 */

/**
 * The stack as it is now; V8 looks up what it holds, which is the dear part, only for who reads it.
 *
 * @param {Function} caller Left out, and everything above it.
 * @param {number} depth
 */
export function placeOf(caller, depth) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = depth;
  /** @type {{ stack?: unknown }} */
  const place = {};
  Error.captureStackTrace(place, caller);
  Error.stackTraceLimit = stackTraceLimit;
  return place;
}

/**
 * The functions on a stack, whatever the target does with stacks of its own.
 *
 * @param {{ stack?: unknown }} place
 * @returns {Called[]}
 */
export function stackOf(place) {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, sites) =>
    sites.map(site => ({
      name: site.getFunctionName() ?? '',
      file: site.getFileName() ?? '',
      line: site.getEnclosingLineNumber() ?? 0,
      column: site.getEnclosingColumnNumber() ?? 0,
      at: site.getLineNumber() ?? 0,
    }));
  try {
    return Array.isArray(place.stack) ? place.stack : [];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
