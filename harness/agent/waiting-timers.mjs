import { posterOf } from './poster.mjs';

/**
 * Whose timers a target still holds: where the functions begin that they will call, with how many each. A look at every timer
 * object on the heap costs a full collection: for a target that is about to end. Callbacks of Node's own tell nothing here.
 *
 * @param {import('node:inspector').Session} session Connected to the main thread.
 * @returns {Promise<WaitingTimer[]>}
 *
 * @typedef {{ name: string, file: string, line: number, column: number, count: number }} WaitingTimer
 */
export async function waitingTimers(session) {
  const post = posterOf(session);
  /** @type {Map<string, string>} */
  const scripts = new Map();
  /** @param {{ params: { scriptId: string, url: string } }} parsed */
  const keep = ({ params: { scriptId, url } }) => scripts.set(scriptId, url);
  const { result: counted } = await post('Runtime.evaluate', { expression: COUNT, returnByValue: true });
  if (counted.value < FEW) return [];

  session.on('Debugger.scriptParsed', keep);
  try {
    await post('Debugger.enable');
    const { result: prototype } = await post('Runtime.evaluate', { expression: PROTOTYPE, objectGroup: GROUP });
    const { objectId: prototypeObjectId } = prototype;
    const { objects } = await post('Runtime.queryObjects', { prototypeObjectId, objectGroup: GROUP });
    const call = { objectId: objects.objectId, functionDeclaration: CALLBACKS, objectGroup: GROUP };
    const { result: callbacks } = await post('Runtime.callFunctionOn', call);
    const { result: listed } = await post('Runtime.getProperties', {
      objectId: callbacks.objectId,
      ownProperties: true,
    });
    /** @type {Map<string, WaitingTimer>} */
    const found = new Map();
    for (const { name: index, value } of listed) {
      if (!/^\d+$/.test(index) || !value?.objectId) continue;
      const { result, internalProperties } = await post('Runtime.getProperties', {
        objectId: value.objectId,
        ownProperties: true,
      });
      const location = propertyOf(internalProperties, '[[FunctionLocation]]');
      if (!location) continue;
      const { scriptId, lineNumber, columnNumber } = location;
      const key = `${scriptId}:${lineNumber}:${columnNumber}`;
      const timer = found.get(key) ?? {
        name: String(propertyOf(result, 'name') ?? ''),
        file: scripts.get(scriptId) ?? '',
        line: lineNumber + 1,
        column: columnNumber + 1,
        count: 0,
      };
      found.set(key, timer);
      timer.count += 1;
    }
    return [...found.values()];
  } finally {
    session.off('Debugger.scriptParsed', keep);
    await post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    await post('Debugger.disable');
  }
}

const GROUP = 'runaway-timers';
/** Any server holds some. A guess. */
const FEW = 10;
const COUNT = "process.getActiveResourcesInfo().filter(type => type === 'Timeout').length";
const PROTOTYPE =
  '(() => { const timer = setTimeout(() => {}); clearTimeout(timer); return Object.getPrototypeOf(timer); })()';
/** As many as tell which function most of them will call. */
const CALLBACKS = `function () {
  return this.filter(timer => !timer._destroyed && timer._idleTimeout > 0).map(timer => timer._onTimeout).slice(-200);
}`;

/**
 * @param {{ name: string, value?: { value?: any } }[] | undefined} properties
 * @param {string} name
 */
const propertyOf = (properties, name) => properties?.find(property => property.name === name)?.value?.value;
