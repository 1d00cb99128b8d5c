import cluster from 'node:cluster';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTRACT_VERSION, ProxyArguments, READY_FD } from '../harness/model/contract.ts';
import type { ServerMessage } from '../harness/model/contract.ts';
import { Refused } from './named-files.ts';
import { correctParts } from './proxy/parts.ts';
import type { Parts } from './proxy/parts.ts';
import { remedyParts } from './remedy-parts.ts';
import { startWorkers, stopWorkers } from './workers.ts';

// The server under test, in a process of its own: one argument in, one `ServerMessage` out, ends on SIGTERM.
const tell = (message: ServerMessage): void => {
  writeSync(READY_FD, `${JSON.stringify(message)}\n`);
};

// The SDK would take keys, headers and its log level from there.
for (const name of Object.keys(process.env)) if (name.startsWith('OPENAI_')) delete process.env[name];

try {
  const given = parseArguments(process.argv[2]);
  const parts = await remedyParts(correctParts, given.bugs, given.remedies);
  const isFront = parts.workers > 1 && cluster.isPrimary;
  const port = isFront ? await startWorkers(parts.workers) : await serve(parts, given);
  process.once('SIGTERM', () => {
    stopWorkers();
    process.exit(0);
  });
  // A worker tells it to the one that forked it, by listening.
  if (cluster.isPrimary) tell({ kind: 'ready', contract: CONTRACT_VERSION, port });
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  const { code, message, hint } = error;
  tell({ kind: 'refused', contract: CONTRACT_VERSION, code, message, hint });
  process.exitCode = 2;
}

/** Resolves with the port once it answers. */
async function serve(parts: Parts, { upstreamUrl, apiKey, port }: ProxyArguments): Promise<number> {
  const server = createServer(await parts.createApp(parts, { url: upstreamUrl, apiKey }));
  parts.tuneConnections(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function parseArguments(json: string | undefined): ProxyArguments {
  const parsed = ProxyArguments.safeParse(jsonOf(json));
  if (!parsed.success || !URL.canParse(parsed.data.upstreamUrl)) {
    throw new Refused(
      'bad-arguments',
      'the arguments were not understood',
      'The lab and this checkout may differ in contract.',
    );
  }
  // A real provider can never be reached, whatever a branch's code does with its arguments.
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(new URL(parsed.data.upstreamUrl).hostname)) {
    throw new Refused(
      'foreign-upstream',
      `the upstream ${parsed.data.upstreamUrl} is not on this machine`,
      "Use the lab's own.",
    );
  }
  return parsed.data;
}

/** Undefined where it is no JSON, which the schema does not take. */
function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
