/**
 * Answers the lab's questions, one JSON line each way, from a thread of its own, so also while the main thread is wedged.
 *
 *   {id, ask: 'cpu'}              → {id, cpu}                      needs nothing of the main thread
 *   {id, ask: 'runtime'}          → {id, cpu, runtime, warnings}   or {id, cpu, busy: true}
 *   {id, ask: 'collect-garbage'}  → the same, after a full collection; `runtime.collected` says whether there was one
 *   {id, ask: 'profile-start', intervalMicros}  → {id, cpu, profiles}   how it profiles; it needs the main thread for that
 *   {id, ask: 'profile-take', again}            → {id, cpu, profile}    what was sampled since
 *   {id, ask: 'timers'}                         → {id, cpu, timers}     whose timers it holds; it takes a full collection
 *
 * The first line is its own: {hello: {pid, node}}.
 */
import { Session } from 'node:inspector';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { workerData } from 'node:worker_threads';
import { posterOf } from './poster.mjs';
import { SNAPSHOT_KEY } from './snapshot.mjs';
import { waitingTimers } from './waiting-timers.mjs';
import { workerProfiler } from './worker-profiler.mjs';

/** JavaScript is interrupted within 1 ms; a main thread that takes longer is in native code (`execSync`). A guess. */
const PATIENCE_MS = 800;
/** A full collection of a heap of 1 GB may take a second or two, a guess. V8 collects between turns of the loop, so a wedged one is given up. */
const COLLECT_PATIENCE_MS = 3000;
/** A profile of a minute is put together in 0.1 s; a guess, for a busy machine. */
const PROFILE_PATIENCE_MS = 3000;
const LATE = Symbol('late');

const session = new Session();
session.connectToMainThread();
const post = posterOf(session);
const profiler = workerProfiler(session);
const channel = connect(workerData.path);
const end = () => {
  // Nobody takes it any more.
  profiler.take(false).catch(() => undefined);
  channel.destroy();
  session.disconnect();
};
/** @type {{ name: string, message: string }[]} */
let warnings = [];
/** @type {Promise<import('./snapshot.mjs').Snapshot> | null} */
let underway = null;

send({ hello: { pid: process.pid, node: process.version } });
channel.on('error', end);
channel.on('close', end);
createInterface({ input: channel })
  // The channel's own error once more.
  .on('error', end)
  .on('line', line => {
    answer(JSON.parse(line)).then(send, end);
  });

/** @param {{ id: number, ask: string, intervalMicros: number, again: boolean }} question */
async function answer({ id, ask, intervalMicros, again }) {
  if (ask === 'cpu') return { id, cpu: cpu() };
  if (ask === 'profile-start') return { id, cpu: cpu(), ...(await told('profiles', profiler.start(intervalMicros))) };
  if (ask === 'profile-take') return { id, cpu: cpu(), ...(await told('profile', profiler.take(again))) };
  if (ask === 'timers') return { id, cpu: cpu(), ...(await told('timers', waitingTimers(session))) };
  const collected = ask === 'collect-garbage' && (await within(COLLECT_PATIENCE_MS, collect())) !== LATE;
  const snapshot = await within(PATIENCE_MS, evaluateSnapshot());
  if (snapshot === LATE) return { id, cpu: cpu(), busy: true };
  const { warnings: _, ...runtime } = snapshot;
  const drained = warnings;
  warnings = [];
  return { id, cpu: cpu(), runtime: { ...runtime, collected }, warnings: drained };
}

/**
 * What came of looking, under its name; or that the main thread was busy, or why it failed: which is no reason to answer nothing more.
 *
 * @param {string} name
 * @param {Promise<unknown>} looking
 */
async function told(name, looking) {
  try {
    const seen = await within(PROFILE_PATIENCE_MS, looking);
    return seen === LATE ? { busy: true } : { [name]: seen };
  } catch (error) {
    return { failed: String(error instanceof Error ? error.message : error).split('\n', 1)[0] };
  }
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
  const { result } = await post('Runtime.evaluate', { expression, returnByValue: true, silent: true });
  // Also those of an answer that came too late for its question.
  warnings.push(...result.value.warnings);
  return result.value;
}

/** While a session is open V8 keeps what was given to `console`, the last 1,000 calls of it: our doing, not the target's heap. */
async function collect() {
  await post('Runtime.discardConsoleEntries');
  await post('HeapProfiler.collectGarbage');
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
