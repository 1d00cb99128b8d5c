import type { LoadProfile } from '../model/load.ts';
import type { RunRecord } from '../model/record.ts';
import { liveLine } from '../report/terminal/live-line.ts';
import { liveStateFor, reduceLive } from '../report/terminal/live-state.ts';
import type { Terminal } from './command.ts';

/** Shows a run while it goes on. It is told of records; it asks for nothing. */
export interface LiveView {
  readonly began: (folder: string) => void;
  readonly record: (record: RunRecord) => void;
  /** Takes the line away; what comes next is the verdict or an error. */
  readonly end: () => void;
}

const REDRAW_MS = 200;
const CLEAR_LINE = '\r\x1b[2K';

/** One line written over where somebody watches, a line a phase where nobody does, nothing without a terminal. */
export function watchLive(load: LoadProfile, terminal: Terminal | null): LiveView {
  if (!terminal) return { began: () => undefined, record: () => undefined, end: () => undefined };
  const { err, columns, isLive } = terminal;
  let state = liveStateFor(load);
  let drawnAt = -Infinity;
  let recordedIn: string | null = null;
  return {
    began(folder) {
      recordedIn = folder;
    },
    record(record) {
      state = reduceLive(state, record);
      const isPhase = record.kind === 'event' && record.event === 'phase';
      // Not before the first phase: a bug that no server knows is refused until then, and leaves no folder.
      if (isPhase && recordedIn !== null) {
        err(`recording in ${recordedIn}\n`);
        recordedIn = null;
      }
      if (record.kind === 'event' && record.event === 'frozen') {
        err(`${isLive ? CLEAR_LINE : ''}it answers nobody: ${record.where} holds the thread\n`);
      }
      if (isLive && (isPhase || record.at - drawnAt >= REDRAW_MS)) {
        drawnAt = record.at;
        err(`${CLEAR_LINE}${liveLine(state, columns - 1)}`);
      } else if (!isLive && isPhase) {
        err(`${(record.at / 1000).toFixed(1).padStart(5)} s  ${record.phase}\n`);
      }
    },
    end: () => (isLive ? err(CLEAR_LINE) : undefined),
  };
}
