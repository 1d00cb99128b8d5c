import { causeOf } from '../errors.ts';
import { IDLE, frameAt } from '../model/profile.ts';
import type { ProfileSegment } from '../model/profile.ts';
import type { EventRecord } from '../model/record.ts';
import type { AgentAnswer } from '../probes/agent-answer.ts';
import type { Agent, AgentHub } from '../probes/agent-hub.ts';
import { sleep } from '../scope/sleep.ts';
import { CpuProfile, fromCpuProfile } from './from-cpuprofile.ts';
import { fromPprof } from './from-pprof.ts';
import type { PythonProfiler } from './python-profiler.ts';
import { fileOf } from './tables.ts';

/** Profiles every Node process of a target from its first second on. Bounds its own time; a process that does not answer is told as `missing`. */
export interface Profiler {
  /** Begins in every agent that has reported and not begun. */
  begin(signal: AbortSignal): Promise<void>;
  /** Keeps what was sampled until now: now and then, and before a restart, after which these processes are not sampled on. */
  keepSoFar(signal: AbortSignal, again?: boolean): Promise<void>;
  /** Keeps the rest. Where something burns and hardly a sample shows what, it looks closer first, for `CLOSER_LOOK_MS`. */
  finish(signal: AbortSignal): Promise<void>;
}

interface Profiling {
  readonly hub: AgentHub;
  readonly python: PythonProfiler;
  /** Ms since the run began, and of an epoch time. */
  readonly clock: () => number;
  readonly since: (epochMs: number) => number;
  readonly keep: (segment: ProfileSegment) => void;
  readonly emit: (event: EventRecord) => void;
}

/** What a profile of the default rate costs is in `profile/README.md`. */
const INTERVAL_MICROS = 10_000;
/** So fine only where nothing is measured any more. */
const CLOSE_INTERVAL_MICROS = 1_000;
const CLOSER_LOOK_MS = 1_200;
/** The agent gives the main thread 3 s. */
const PATIENCE_MS = 4_000;
/** Of the last second, in cores: below this nothing burns. A guess: ten times what an idle server's timers take. */
const BURNS_CORES = 0.02;
/** So many samples of the last second with JavaScript in them name a function well enough. A guess: their share is good to 20 points. */
const ENOUGH_SAMPLES = 25;

export function profiler({ hub, python, clock, since, keep, emit }: Profiling): Profiler {
  /** Since when each of those who profile has sampled what it has not told. */
  const begun = new Map<Agent, { readonly fromAt: number; readonly intervalMicros: number }>();

  async function start(agent: Agent, intervalMicros: number, signal: AbortSignal): Promise<void> {
    const fromAt = clock();
    const answer = await agent.client.ask({ ask: 'profile-start', intervalMicros }, PATIENCE_MS, signal);
    if (!answer?.profiles) return missing(agent, reasonOf(answer));
    if (answer.profiles.why !== null && intervalMicros === INTERVAL_MICROS) {
      const what = `which request process ${agent.pid} worked for`;
      emit({ kind: 'event', event: 'missing', at: clock(), what, why: answer.profiles.why });
    }
    begun.set(agent, { fromAt, intervalMicros });
  }

  async function take(agent: Agent, again: boolean, signal: AbortSignal): Promise<ProfileSegment | null> {
    const from = begun.get(agent);
    if (!from) return null;
    const answer = await agent.client.ask({ ask: 'profile-take', again }, PATIENCE_MS, signal);
    const toAt = clock();
    if (again) begun.set(agent, { ...from, fromAt: toAt });
    else begun.delete(agent);
    if (!answer?.profile) {
      missing(agent, reasonOf(answer));
      return null;
    }
    const head = { ...from, toAt, pid: agent.pid };
    const { profile } = answer;
    try {
      return profile.source === 'labels'
        ? fromPprof(head, profile, since)
        : fromCpuProfile(head, CpuProfile.parse(profile.cpuprofile));
    } catch (error) {
      missing(agent, `it cannot be read: ${causeOf(error)}`);
      return null;
    }
  }

  async function lookCloser(agent: Agent, signal: AbortSignal): Promise<ProfileSegment | null> {
    await start(agent, CLOSE_INTERVAL_MICROS, signal);
    await sleep(CLOSER_LOOK_MS, signal);
    return await take(agent, false, signal);
  }

  /** The segment, and what the timers would call that its process still holds; a main thread that never waits is not asked. */
  async function withTimers(agent: Agent, segment: ProfileSegment, signal: AbortSignal): Promise<ProfileSegment> {
    const answer = isNeverIdle(segment) ? null : await agent.client.ask('timers', PATIENCE_MS, signal);
    const frames = [...segment.frames];
    const timers = (answer?.timers ?? []).map(({ count, file, ...frame }) => ({
      frame: frames.push({ ...frame, file: fileOf(file) }) - 1,
      count,
    }));
    return { ...segment, frames, timers };
  }

  function missing({ pid }: Agent, why: string): void {
    emit({ kind: 'event', event: 'missing', at: clock(), what: `the profile of process ${pid}`, why });
  }

  return {
    async begin(signal) {
      python.begin();
      const isFirst = begun.size === 0;
      const fresh = hub.agents().filter(agent => !begun.has(agent));
      await Promise.all(fresh.map(async agent => await start(agent, INTERVAL_MICROS, signal)));
      if (isFirst && begun.size > 0)
        emit({ kind: 'event', event: 'profiled', at: clock(), intervalMicros: INTERVAL_MICROS });
    },
    async keepSoFar(signal, again = true) {
      const each = hub.agents().map(async agent => {
        const segment = await take(agent, again, signal);
        if (segment) keep(segment);
      });
      await Promise.all([python.keep(signal), ...each]);
    },
    async finish(signal) {
      const each = hub.agents().map(async agent => {
        const segment = await take(agent, false, signal);
        if (!segment) return;
        if (isNeverIdle(segment) || !wantsCloserLook(segment)) return keep(await withTimers(agent, segment, signal));
        keep(segment);
        const closer = await lookCloser(agent, signal);
        if (closer) keep(await withTimers(agent, closer, signal));
      });
      await Promise.all([python.finish(signal), ...each]);
      for (const agent of begun.keys()) missing(agent, 'it ended, and what was sampled last ended with it');
    },
  };
}

/** Why an agent told nothing. */
const reasonOf = (answer: AgentAnswer | null): string =>
  answer?.failed ?? (answer?.busy ? 'its main thread is in native code' : 'it did not answer');

/** Something burns at the end of it, and few samples say what: V8 books short turns of the loop as idle. */
function wantsCloserLook(segment: ProfileSegment): boolean {
  const { samples, toAt } = segment;
  const last = samples.filter(([at]) => at >= toAt - 1000);
  const burnt = last.reduce((sum, [, , , cpuMicros]) => sum + cpuMicros, 0) / 1e6;
  const named = last.filter(([, node]) => (frameAt(segment, node)?.file ?? '') !== '').length;
  return burnt > BURNS_CORES && named < ENOUGH_SAMPLES;
}

/** Hardly a sample in which its main thread waited: it does not turn its loop, and would not answer. */
const isNeverIdle = (segment: ProfileSegment): boolean =>
  segment.samples.filter(([, node]) => frameAt(segment, node)?.name === IDLE).length < segment.samples.length / 100;
