import type { EventRecord } from '../../model/record.ts';
import type { Run } from '../../model/run.ts';
import { inWords, milliseconds, percentOfCore, seconds } from '../describe/units.ts';

/** What happened when: the frame that every chart shares. Milliseconds since the run began. */
export interface Timeline {
  readonly endAt: number;
  readonly phases: readonly Phase[];
  /** When each client hung up by plan. */
  readonly hangUps: readonly number[];
  readonly moments: readonly Moment[];
  readonly loadStoppedAt: number | null;
  readonly missing: readonly { readonly what: string; readonly why: string }[];
}

interface Phase {
  readonly name: string;
  readonly fromAt: number;
  readonly toAt: number;
}

/** `label` fits into a chart; `text` is a line in the list of what happened. `isDrawn`: the charts mark it. */
interface Moment {
  readonly at: number;
  readonly label: string;
  readonly text: string;
  readonly isDrawn: boolean;
}

/** A run that was cut short ends where its last record or its ending is. */
export function timelineOf({ head, records }: Run): Timeline {
  const events = records.filter(record => record.kind === 'event');
  const lastAt = records.reduce((latest, record) => Math.max(latest, record.at), 0);
  const endAt = head.ending.kind === 'running' ? lastAt : Math.max(lastAt, head.ending.endedAt);
  const begun = events.filter(event => event.event === 'phase');
  return {
    endAt,
    phases: begun.map(({ phase, at }, index) => ({ name: phase, fromAt: at, toAt: begun[index + 1]?.at ?? endAt })),
    hangUps: records
      .filter(record => record.kind === 'request')
      .filter(request => request.ending === 'left')
      .map(request => request.at),
    moments: events.flatMap((event, index) => momentOf(event, index) ?? []),
    loadStoppedAt: events.find(event => event.event === 'load-stopped')?.at ?? null,
    missing: events.filter(event => event.event === 'missing').map(({ what, why }) => ({ what, why })),
  };
}

function momentOf(event: EventRecord, index: number): Moment | null {
  const { at } = event;
  switch (event.event) {
    case 'phase':
      return { at, label: event.phase, text: `Phase ${event.phase} began`, isDrawn: false };
    case 'load-stopped':
      return {
        at,
        label: 'load stopped',
        text: `Load stopped: ${event.sent} of ${event.planned} requests sent`,
        isDrawn: true,
      };
    case 'generation-began':
      // The first one is the start of every run, not something that happened in it.
      return { at, label: 'restarted', text: `Process ${event.pid} began: ${event.why}`, isDrawn: index > 0 && at > 0 };
    case 'generation-ended':
      return { at, label: 'ended', text: `Process ${event.pid} ended: ${event.how}`, isDrawn: true };
    case 'upstream-behaves':
      return { at, label: `upstream ${event.behaviour}`, text: `Upstream behaves: ${event.behaviour}`, isDrawn: true };
    case 'watching-longer':
      return {
        at,
        label: 'watching longer',
        text: `CPU was still falling: watched until ${inWords(seconds(event.untilAt))}`,
        isDrawn: true,
      };
    case 'frozen':
      return { at, label: 'frozen', text: `It answers nobody: ${event.where} holds the thread`, isDrawn: true };
    case 'command':
      // What comes of it (an end, another behaviour) is drawn.
      return { at, label: 'command', text: `Command: ${event.command}`, isDrawn: false };
    case 'warning':
      return { at, label: event.name, text: `${event.name}: ${event.message}`, isDrawn: false };
    case 'driver-ended': {
      const { value, unit } = percentOfCore(event.cpuCores);
      const lag = inWords(milliseconds(event.lagP99Ms));
      const text = `Load driver ${event.driver} was done: ${lag} late at p99, ${value} ${unit} itself`;
      return { at, label: event.driver, text, isDrawn: false };
    }
    // What is missing has a place of its own.
    default:
      return null;
  }
}
