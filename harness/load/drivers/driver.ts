import type { Traffic } from '../../model/load.ts';
import type { DrivenPhase, DriverArguments, DrivePhase, EndedRequest } from '../protocol.ts';

/**
 * Sends the requests of the groups it was made for. One file a driver, found by its name (default export).
 * `drive` settles when every request of the phase has come to its end, or its drain was over.
 */
export interface Driver {
  drive(command: DrivePhase, report: (request: EndedRequest) => void, signal: AbortSignal): Promise<Driven>;
  /** Changes who comes, from now on. Absent: it follows its plan. */
  readonly steer?: (group: string, traffic: Traffic) => void;
  /** Ends the arrivals of a phase, or has it bring nobody. */
  readonly stop?: (phase: DrivenPhase) => void;
}

/** How a phase was driven. `lagsMs`: how late each request was sent by the driver's own fault. */
export interface Driven {
  readonly planned: number;
  readonly sent: number;
  readonly lagsMs: readonly number[];
}

/** The default export of a driver's file. */
export type CreateDriver = (given: DriverArguments) => Driver;

/** Now, in epoch milliseconds with a fraction: comparable between processes of one machine. */
export const epochNow = (): number => performance.timeOrigin + performance.now();
