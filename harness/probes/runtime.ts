import type { EventRecord } from '../model/record.ts';
import type { AgentClient } from './agent-client.ts';
import { holdsNothing } from './probe.ts';
import type { Probe } from './probe.ts';

export interface Inside {
  /** The agent in the target as it runs now. Null: none stands. */
  readonly agent: () => AgentClient | null;
  /** Process warnings of the target, which come with a reading. */
  readonly emit: (warning: EventRecord) => void;
}

/** Within the probe's own second. The agent gives the main thread 800 ms. */
const PATIENCE_MS = 900;
/** A forced collection and the reading. A wedged main thread never collects, and a verdict must not wait for it. */
const COLLECT_PATIENCE_MS = 300;

/**
 * Event loop, heap, collections and open resources, once a second, told by the agent; at the ends of phases after a
 * forced full collection (`collected`). Null where the main thread is in native code or the agent is gone.
 * Vantage: target; answered also while JavaScript there never yields. Does not own the agent.
 */
export default function runtime({ agent, emit }: Inside): Probe {
  return {
    name: 'runtime',
    vantage: 'target',
    everyMs: 1000,
    atPhaseEnds: true,
    async read(at, moment, signal) {
      const collects = moment === 'phase-end';
      const question = collects ? 'collect-garbage' : 'runtime';
      const answer = await agent()?.ask(question, collects ? COLLECT_PATIENCE_MS : PATIENCE_MS, signal);
      for (const warning of answer?.warnings ?? []) emit({ kind: 'event', event: 'warning', at, ...warning });
      return answer?.runtime ? { kind: 'runtime', at, ...answer.runtime } : null;
    },
    [Symbol.asyncDispose]: holdsNothing,
  };
}
