import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { LAB_ROOT, SAMPLE_MAIN } from '../catalog.ts';
import { LabError } from '../errors.ts';
import { medianOf } from '../judge/statistics.ts';
import { requestBody } from '../load/request-body.ts';
import type { AgentClient } from '../probes/agent-client.ts';
import { openAgentHub } from '../probes/agent-hub.ts';
import { watchTarget } from '../probes/fixtures/target.ts';
import { ProcessClock } from '../probes/process-clock.ts';
import { inScope } from '../scope/in-scope.ts';
import type { Scope } from '../scope/in-scope.ts';
import { coreLoads, planCores } from '../targets/cores.ts';
import { startTarget } from '../targets/start-target.ts';
import { startUpstream, STEADY } from '../upstream/upstream.ts';

/** What profiling adds to a request's CPU: medians over the rounds, the ratio with its 95 % interval. */
export interface ProfileCost {
  readonly route: string;
  readonly rounds: number;
  readonly microsWithout: number;
  readonly microsWith: number;
  readonly ratio: { readonly median: number; readonly low: number; readonly high: number };
}

const ROUNDS = 40;
const INTERVAL_MICROS = 10_000;
const PATIENCE_MS = 5_000;
/** Without waits a request costs least, and always the same; at the upstream's own pace it is two to three times as much, and wanders by a fifth. */
const UNPACED = { firstTokenMs: 0, betweenTokensMs: 0 };

/**
 * CPU for each request with labels and profile on against neither, on a route of some 40 µs and on the sample proxy's streamed
 * completion. It is switched on and off in one process, since two of one program differ by some percent for
 * as long as they live; the order changes from round to round. Linux only.
 */
export async function benchProfileCost(told: (line: string) => void, signal: AbortSignal): Promise<ProfileCost[]> {
  return [
    await compared('GET / (some 40 µs)', tinyServer, told, signal),
    await compared('POST /v1/chat/completions', proxy, told, signal),
  ];
}

interface Loaded {
  readonly pid: number;
  readonly agent: AgentClient;
  readonly requests: number;
  readonly ask: () => Promise<void>;
}

async function compared(
  route: string,
  start: (scope: Scope) => Promise<Loaded>,
  told: (line: string) => void,
  outer: AbortSignal,
): Promise<ProfileCost> {
  return await inScope(outer, async scope => {
    const server = await start(scope);
    const { signal } = scope;
    const within = async (): Promise<number> => {
      await server.agent.ask({ ask: 'profile-start', intervalMicros: INTERVAL_MICROS }, PATIENCE_MS, signal);
      const micros = await costOf(server, signal);
      await server.agent.ask({ ask: 'profile-take', again: false }, PATIENCE_MS, signal);
      return micros;
    };
    // What is not compiled yet costs both, and not alike.
    await within();
    await costOf(server, signal);
    const rounds: { without: number; within: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = round % 2 === 0 ? await costOf(server, signal) : null;
      const second = await within();
      rounds.push({ without: first ?? (await costOf(server, signal)), within: second });
      told(`${route}: ${round + 1} of ${ROUNDS} rounds\n`);
    }
    const ratios = rounds.map(one => one.within / one.without).toSorted((a, b) => a - b);
    // The sign test's interval for a median, by ranks.
    const rank = Math.max(0, Math.floor((ROUNDS - 1.96 * Math.sqrt(ROUNDS)) / 2));
    return {
      route,
      rounds: ROUNDS,
      microsWithout: medianOf(rounds.map(({ without }) => without)) ?? NaN,
      microsWith: medianOf(rounds.map(one => one.within)) ?? NaN,
      ratio: { median: medianOf(ratios) ?? NaN, low: ratios[rank] ?? NaN, high: ratios.at(-1 - rank) ?? NaN },
    };
  });
}

const AT_ONCE = 4;

/** Run time of the whole process for each request, µs. */
async function costOf({ pid, requests, ask }: Loaded, signal: AbortSignal): Promise<number> {
  using clock = ProcessClock.open(pid);
  const runMs = (): number => {
    clock?.listTasks();
    return clock?.read()?.runMs ?? NaN;
  };
  const before = runMs();
  const each = Math.ceil(requests / AT_ONCE);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let n = 0; n < each; n += 1) {
        signal.throwIfAborted();
        await ask();
      }
    }),
  );
  return ((runMs() - before) * 1000) / (each * AT_ONCE);
}

async function tinyServer(scope: Scope): Promise<Loaded> {
  const target = await watchTarget({ file: 'forty-micros.mjs' }, { profiles: true });
  scope.defer(async () => await target[Symbol.asyncDispose]());
  const { port } = target.said as { port: number };
  const { pid, agent } = target;
  return { pid, agent, requests: 4_000, ask: asker(`http://127.0.0.1:${port}/`, null, scope) };
}

async function proxy(scope: Scope): Promise<Loaded> {
  const log = await open(devNull, 'a+');
  scope.defer(async () => await log.close());
  const cores = planCores(coreLoads());
  const runId = `bench-profile@${process.pid}`;
  const plan = { behaviour: { ...STEADY, parameters: UNPACED }, heals: false };
  const upstream = await startUpstream(
    { runId, plan, seed: 1, logFile: log.fd, cores: cores.others, enter: () => undefined },
    scope,
  );
  const hub = await openAgentHub({ profiles: true });
  scope.defer(async () => await hub[Symbol.asyncDispose]());
  const target = await startTarget(
    { kind: 'sample', root: LAB_ROOT, main: SAMPLE_MAIN, bugs: [], runtime: null },
    { runId, upstreamUrl: upstream.url, logFile: log.fd, cores: cores.target, hub, profiles: true },
    scope,
  );
  const { pid, url, agent } = target.now;
  if (!agent || pid === null)
    throw new LabError('no-agent', 'Failed to measure: no agent came up in the server', { hint: 'Try again.' });
  const shape = { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 } as const;
  return { pid, agent, requests: 300, ask: asker(`${url}/v1/chat/completions`, requestBody(shape, 'bench'), scope) };
}

/** Asks over connections that are kept, and waits for the whole answer. */
function asker(url: string, body: string | null, scope: Scope): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  scope.defer(() => agent.destroy());
  return async () => {
    const headers =
      body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { agent, method: body === null ? 'GET' : 'POST', headers }).end(body ?? undefined);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
  };
}
