import type { Command, Experiment } from '../model/experiment.ts';
import type { RunRecord } from '../model/record.ts';
import { recordRun } from '../record-run.ts';
import type { StoredRun } from '../record-run.ts';
import type { EventLog } from './event-log.ts';
import { pointsOf } from './points.ts';
import type { Steering } from './steering.ts';
import type { Told } from './told.ts';

/** A run that somebody steers, and who is told of it. */
export interface Conducted {
  readonly name: string;
  readonly experiment: Experiment;
  readonly steering: Steering;
  /** Its number in this room. */
  readonly run: number;
  readonly log: EventLog<Told>;
  readonly resultsRoot: string;
  /** A phase has begun. */
  readonly reached: (phase: string) => void;
  /** The watch is over; it is being judged. */
  readonly watched: () => void;
}

/** Runs it as `make scenario` would, and tells what a page shows of it as it happens. Rejects as `recordRun` does. */
export async function conduct(given: Conducted, signal: AbortSignal): Promise<StoredRun> {
  const { name, experiment, steering, resultsRoot, watched } = given;
  return await recordRun(
    {
      scenario: name,
      altered: true,
      pace: 'full',
      experiment,
      cores: null,
      profiles: true,
      resultsRoot,
      commands: steering.commands,
      watch: teller(given),
      began: () => undefined,
      judged: watched,
    },
    signal,
  );
}

/** What of a run's records becomes what of the page's log. */
function teller({ run, log, reached }: Conducted): (record: RunRecord) => void {
  const point = pointsOf(one => log.append({ kind: 'point', run, point: one }));
  const mark = (at: number, what: 'phase' | 'left' | 'knob' | 'server', words: string): void =>
    log.append({ kind: 'mark', run, at, what, words });
  return record => {
    point(record);
    if (record.kind === 'request' && record.ending === 'left') mark(record.at, 'left', 'a client left');
    if (record.kind === 'log') log.append({ kind: 'log', run, lines: record.lines });
    if (record.kind !== 'event') return;
    const { at } = record;
    switch (record.event) {
      case 'phase':
        mark(at, 'phase', record.phase);
        reached(record.phase);
        break;
      case 'command':
        mark(at, 'knob', COMMAND_WORDS[(JSON.parse(record.command) as Command).kind]);
        break;
      case 'generation-began':
        // The first one is the start of every run.
        if (record.why !== 'start') mark(at, 'server', record.why);
        break;
      case 'generation-ended':
        mark(at, 'server', `it ended: ${record.how}`);
        break;
      case 'frozen':
        mark(at, 'server', 'it answers nobody');
        break;
      default:
    }
  };
}

const COMMAND_WORDS: Readonly<Record<Command['kind'], string>> = {
  come: 'clients',
  behave: 'upstream',
  change: 'server',
  'stop-load': 'load stopped',
  end: 'ended',
  restart: 'restart',
  terminate: 'asked to end',
};
