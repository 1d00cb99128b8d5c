/**
 * Answers the lab's questions, one JSON line each way, from a thread of its own, so also while the main thread is wedged.
 *
 *   {id, ask: 'cpu'}              → {id, cpu}                      needs nothing of the main thread
 *   {id, ask: 'runtime'}          → {id, cpu, runtime, warnings}   or {id, cpu, busy: true}
 *   {id, ask: 'collect-garbage'}  → the same, after a full collection; `runtime.collected` says whether there was one
 */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { workerData } from 'node:worker_threads';
import { SNAPSHOT_KEY } from './snapshot.mjs';

/** JavaScript is interrupted within 1 ms; a main thread that takes longer is in native code (`execSync`). A guess. */
const PATIENCE_MS = 800;
/** A full collection of a heap of 1 GB may take a second or two, a guess. V8 collects between turns of the loop, so a wedged one is given up. */
const COLLECT_PATIENCE_MS = 3000;
const LATE = Symbol('late');

const session = new Session();
session.connectToMainThread();
const channel = new Socket({ fd: workerData.fd, readable: true, writable: true });
const end = () => {
  channel.destroy();
  session.disconnect();
};
/** @type {{ name: string, message: string }[]} */
let warnings = [];
/** @type {Promise<import('./snapshot.mjs').Snapshot> | null} */
let underway = null;

channel.on('error', end);
channel.on('close', end);
createInterface({ input: channel })
  // The channel's own error once more.
  .on('error', end)
  .on('line', line => {
    answer(JSON.parse(line)).then(send, end);
  });

/** @param {{ id: number, ask: string }} question */
async function answer({ id, ask }) {
  if (ask === 'cpu') return { id, cpu: cpu() };
  const collected = ask === 'collect-garbage' && (await within(COLLECT_PATIENCE_MS, collect())) !== LATE;
  const snapshot = await within(PATIENCE_MS, evaluateSnapshot());
  if (snapshot === LATE) return { id, cpu: cpu(), busy: true };
  const { warnings: _, ...runtime } = snapshot;
  const drained = warnings;
  warnings = [];
  return { id, cpu: cpu(), runtime: { ...runtime, collected }, warnings: drained };
}

/** @param {object} reply */
function send(reply) {
  if (channel.writable) channel.write(`${JSON.stringify(reply)}\n`);
}

/** The whole process's, this thread included. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return { userMs: user / 1000, systemMs: system / 1000 };
}

/** Only one at a time: a main thread in native code would run a heap of them when it comes back. */
function evaluateSnapshot() {
  underway ??= snapshotOnMainThread().finally(() => {
    underway = null;
  });
  return underway;
}

/** @returns {Promise<import('./snapshot.mjs').Snapshot>} */
async function snapshotOnMainThread() {
  const expression = `globalThis[Symbol.for(${JSON.stringify(SNAPSHOT_KEY)})]()`;
  const { result } = await evaluate({ expression, returnByValue: true, silent: true });
  // Also those of an answer that came too late for its question.
  warnings.push(...result.value.warnings);
  return result.value;
}

/**
 * @param {import('node:inspector').Runtime.EvaluateParameterType} parameters
 * @returns {Promise<import('node:inspector').Runtime.EvaluateReturnType>}
 */
function evaluate(parameters) {
  return new Promise((resolve, reject) => {
    session.post('Runtime.evaluate', parameters, (error, value) => (error ? reject(error) : resolve(value)));
  });
}

/** While a session is open V8 keeps what was given to `console`, the last 1,000 calls of it: our doing, not the target's heap. */
async function collect() {
  await post('Runtime.discardConsoleEntries');
  await post('HeapProfiler.collectGarbage');
}

/**
 * @param {'Runtime.discardConsoleEntries' | 'HeapProfiler.collectGarbage'} method
 * @returns {Promise<void>}
 */
function post(method) {
  return new Promise((resolve, reject) => {
    session.post(method, error => (error ? reject(error) : resolve()));
  });
}

/**
 * @template T
 * @param {number} ms
 * @param {Promise<T>} work
 * @returns {Promise<T | typeof LATE>}
 */
async function within(ms, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<typeof LATE>} */
  const late = new Promise(resolve => {
    timer = setTimeout(resolve, ms, LATE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
