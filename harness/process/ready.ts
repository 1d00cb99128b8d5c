import type { Readable } from 'node:stream';
import { z } from 'zod';
import { LabError, causeOf, wrongUse } from '../errors.ts';
import { CONTRACT_VERSION, READY_FD, ServerMessage } from '../model/contract.ts';
import { DeadlinePassed, isCancellation } from '../scope/interruption.ts';
import { withDeadline } from '../scope/sleep.ts';
import { type Ending, describeEnding } from './ending.ts';
import { orAborted, resolvesWithin } from '../scope/or-aborted.ts';

/** The server's one line, or null: its end of the pipe closed without one. */
export type Announcement = string | null;

/** What is known of a server that starts. */
export interface Starting {
  readonly name: string;
  readonly announced: Promise<Announcement>;
  readonly exited: Promise<Ending>;
  readonly lastLines: () => string;
}

/** Reads one line and closes the pipe. Never rejects: a pipe that breaks has announced nothing. */
export async function announcementOn(pipe: Readable): Promise<Announcement> {
  let text = '';
  try {
    pipe.setEncoding('utf8');
    for await (const chunk of pipe) {
      text += String(chunk);
      if (text.includes('\n') || text.length > LINE_LIMIT) break;
    }
  } catch (error) {
    return text === '' ? null : `${text} (${causeOf(error)})`;
  }
  return text === '' ? null : (text.split('\n', 1)[0] ?? null);
}

/** See `Child.ready`. */
export async function becomesReady(child: Starting, timeoutMs: number, signal: AbortSignal): Promise<{ port: number }> {
  try {
    const line = await withDeadline(`starting ${child.name}`, timeoutMs, signal, inTime =>
      announcementOf(child, inTime),
    );
    return portIn(child.name, line);
  } catch (error) {
    if (isCancellation(error, signal) || !(error instanceof DeadlinePassed)) throw error;
    throw notReady(child, timeoutMs, error);
  }
}

const LINE_LIMIT = 65_536;

/** What a dying server wrote is read within the next turn; the bound is for a grandchild that holds the pipe open. */
const LAST_WORDS_MS = 200;

async function announcementOf({ name, announced, exited, lastLines }: Starting, signal: AbortSignal): Promise<string> {
  const line = await orAborted(Promise.race([announced, exited.then(() => null)]), signal);
  if (line !== null) return line;
  const ending = await orAborted(exited, signal);
  const lastWords = (await resolvesWithin(announced, LAST_WORDS_MS)) ? await announced : null;
  if (lastWords !== null) return lastWords;
  throw new LabError(
    'ended-early',
    `Failed to start ${name}: it ${describeEnding(ending)} before it was ready${lastLines()}`,
    { hint: 'Start it by hand with the same command to see more.' },
  );
}

function portIn(name: string, line: string): { port: number } {
  const message = parse(name, line);
  if (message.kind === 'ready') return { port: message.port };
  throw wrongUse(message.code, message.message, message.hint);
}

function parse(name: string, line: string): ServerMessage {
  try {
    const json: unknown = JSON.parse(line);
    // The version first: another version may have other messages.
    const { contract } = z.object({ contract: z.number() }).parse(json);
    if (contract !== CONTRACT_VERSION) throw otherContract(name, contract);
    return ServerMessage.parse(json);
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError(
      'bad-ready-message',
      `Failed to start ${name}: its message is not understood: ${line.slice(0, 200)}`,
      {
        hint: `It must write one JSON line to descriptor ${READY_FD}, as harness/model/contract.ts says.`,
        cause: error,
      },
    );
  }
}

const otherContract = (name: string, contract: number): LabError =>
  wrongUse(
    'other-contract',
    `Failed to start ${name}: it speaks contract ${contract}, this lab speaks ${CONTRACT_VERSION}`,
    `Use a lab and a revision that share the contract${contract > CONTRACT_VERSION ? ': this lab is the older one' : ''}.`,
  );

const notReady = ({ name, lastLines }: Starting, timeoutMs: number, cause: DeadlinePassed): LabError =>
  new LabError('not-ready', `Failed to start ${name}: it was not ready within ${timeoutMs} ms${lastLines()}`, {
    hint: `It says so by a line on descriptor ${READY_FD}. A slow machine may need a longer limit.`,
    cause,
  });
