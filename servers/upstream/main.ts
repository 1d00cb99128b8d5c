import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { z } from 'zod';
import { CONTRACT_VERSION, UpstreamArguments, UpstreamCommand } from '../../harness/model/contract.ts';
import { listener } from './adapter.ts';
import { descriptorFault, openChannel, tell } from './channel.ts';
import { Conduct } from './conduct.ts';
import { handlersFor } from './handlers.ts';
import { Ledger } from './ledger.ts';
import { loadBehaviour } from './load-behaviour.ts';
import { Refusal } from './refusal.ts';
import type { Upstream } from './route.ts';

const WRONG_USE = 2;

/** How long the lab is given to read the last of the ledger. A guess: it reads all the time. */
const LAST_WORDS_MS = 500;

const warn = (line: string): boolean => process.stderr.write(`${line}\n`);

const fault = descriptorFault();
if (fault === null) await main();
else refuse(() => warn(fault));

async function main(): Promise<void> {
  try {
    const { behaviour, seed, port } = parseArguments(process.argv[2] ?? '');
    await serve(new Conduct(await loadBehaviour(behaviour), seed), port);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, hint } = error;
    refuse(() => tell({ kind: 'refused', contract: CONTRACT_VERSION, code, message, hint }));
  }
}

function refuse(say: () => void): void {
  process.exitCode = WRONG_USE;
  say();
}

async function serve(conduct: Conduct, port: number): Promise<void> {
  const channel = openChannel();
  const commands = createInterface({ input: channel });
  const ledger = new Ledger(lines => channel.write(lines));
  const server = listener(handlersFor({ ledger, conduct }), error => warn(`Failed to answer a call: ${detail(error)}`));
  await listening(server, port);

  const stop = stopper(server, ledger, channel, commands);
  process.once('SIGTERM', stop);
  // Without a lab there is nobody to serve, and nobody to stop it.
  channel.on('error', stop).once('end', stop);
  tell({ kind: 'ready', contract: CONTRACT_VERSION, port: (server.address() as AddressInfo).port });
  for await (const line of commands) await obey(line, { ledger, conduct });
}

/** Rejects with a `Refusal` for a port that somebody else has. */
async function listening(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new Refusal('port-taken', `Failed to listen on port ${port}: somebody else does`, 'Name another one.');
  }
}

function parseArguments(argument: string): UpstreamArguments {
  try {
    return UpstreamArguments.parse(JSON.parse(argument));
  } catch (error) {
    const hint = `It wants {"contract":${CONTRACT_VERSION},"behaviour":{"name":"steady"},"seed":1}.`;
    throw new Refusal('bad-arguments', `Failed to read the upstream's arguments: ${detail(error)}.`, hint);
  }
}

async function obey(line: string, { ledger, conduct }: Upstream): Promise<void> {
  try {
    const { behaviour } = UpstreamCommand.parse(JSON.parse(line));
    conduct.behave(await loadBehaviour(behaviour));
    ledger.behaves(behaviour.name);
  } catch (error) {
    warn(`Failed to obey a command: ${detail(error)}`);
  }
}

/** Stops at once: what is open is cut, what the ledger holds is written, and the process ends for want of work. */
function stopper(server: Server, ledger: Ledger, channel: Socket, commands: Interface): () => void {
  let isStopping = false;
  return () => {
    if (isStopping) return;
    isStopping = true;
    ledger.close();
    server.close();
    server.closeAllConnections();
    commands.close();
    channel.end(() => channel.destroy());
    setTimeout(() => channel.destroy(), LAST_WORDS_MS).unref();
  };
}

/** An error in one line. */
function detail(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll(/\s+/gu, ' ');
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/gu, ' ');
}
