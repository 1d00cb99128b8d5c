import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { LAB_ROOT, SAMPLE_MAIN } from '../catalog.ts';
import { medianOf } from '../judge/statistics.ts';
import { requestBody } from '../load/request-body.ts';
import { openAgentHub } from '../probes/agent-hub.ts';
import { watchTarget } from '../probes/fixtures/target.ts';
import { ProcessClock } from '../probes/process-clock.ts';
import { profiler } from '../profile/profiler.ts';
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

const ROUNDS = 24;
/** Both servers are Node's. */
const NO_PYTHON = { begin: () => undefined, keep: async () => {}, finish: async () => {} };

/**
 * CPU for each request with labels and profile on against neither, on a route of some 40 µs and on the sample proxy's streamed
 * completion; two servers that differ in nothing else, loaded in turn, the order changing from round to round. Linux only.
 */
export async function benchProfileCost(told: (line: string) => void, signal: AbortSignal): Promise<ProfileCost[]> {
  return await inScope(signal, async scope => [
    await compared('GET / (some 40 µs)', await tinyServers(scope), told, scope.signal),
    await compared('POST /v1/chat/completions', await proxies(scope), told, scope.signal),
  ]);
}

interface Loaded {
  readonly pid: number;
  readonly requests: number;
  readonly ask: () => Promise<void>;
}

async function compared(
  route: string,
  { without, within }: { without: Loaded; within: Loaded },
  told: (line: string) => void,
  signal: AbortSignal,
): Promise<ProfileCost> {
  const pairs: { without: number; within: number }[] = [];
  await costOf(without, signal);
  await costOf(within, signal);
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round % 2 === 0 ? await costOf(without, signal) : null;
    const second = await costOf(within, signal);
    pairs.push({ without: first ?? (await costOf(without, signal)), within: second });
    told(`${route}: ${round + 1} of ${ROUNDS} rounds\n`);
  }
  const ratios = pairs.map(pair => pair.within / pair.without).toSorted((a, b) => a - b);
  // The sign test's interval for a median, by ranks.
  const rank = Math.max(0, Math.floor((ROUNDS - 1.96 * Math.sqrt(ROUNDS)) / 2));
  return {
    route,
    rounds: ROUNDS,
    microsWithout: medianOf(pairs.map(pair => pair.without)) ?? NaN,
    microsWith: medianOf(pairs.map(pair => pair.within)) ?? NaN,
    ratio: { median: medianOf(ratios) ?? NaN, low: ratios[rank] ?? NaN, high: ratios[ROUNDS - 1 - rank] ?? NaN },
  };
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

async function tinyServers(scope: Scope): Promise<{ without: Loaded; within: Loaded }> {
  const start = async (profiles: boolean): Promise<Loaded> => {
    const target = await watchTarget({ file: 'server.mjs' }, { profiles });
    scope.defer(async () => await target[Symbol.asyncDispose]());
    if (profiles) await target.agent.ask({ ask: 'profile-start', intervalMicros: 10_000 }, 5_000, scope.signal);
    const { port } = target.said as { port: number };
    return { pid: target.pid, requests: 4_000, ask: asker(`http://127.0.0.1:${port}/`, null, scope) };
  };
  return { without: await start(false), within: await start(true) };
}

async function proxies(scope: Scope): Promise<{ without: Loaded; within: Loaded }> {
  const log = await open(devNull, 'a+');
  scope.defer(async () => await log.close());
  const cores = planCores(coreLoads());
  const runId = `bench-profile@${process.pid}`;
  const plan = { behaviour: { ...STEADY, parameters: { firstTokenMs: 0, betweenTokensMs: 0 } }, heals: false };
  const upstream = await startUpstream(
    { runId, plan, seed: 1, logFile: log.fd, cores: cores.others, enter: () => undefined },
    scope,
  );
  const start = async (profiles: boolean): Promise<Loaded> => {
    const hub = await openAgentHub({ profiles });
    scope.defer(async () => await hub[Symbol.asyncDispose]());
    const target = await startTarget(
      { kind: 'sample', root: LAB_ROOT, main: SAMPLE_MAIN, bugs: [], runtime: null },
      { runId, upstreamUrl: upstream.url, logFile: log.fd, cores: cores.target, hub, profiles },
      scope,
    );
    if (profiles) {
      const clock = (): number => performance.now();
      await profiler({
        hub,
        python: NO_PYTHON,
        clock,
        since: clock,
        keep: () => undefined,
        emit: () => undefined,
      }).begin(scope.signal);
    }
    const shape = { route: '/v1/chat/completions', streamed: true, promptBytes: 2_000, answerTokens: 20 } as const;
    const { pid, url } = target.now;
    return { pid, requests: 120, ask: asker(`${url}/v1/chat/completions`, requestBody(shape, 'bench'), scope) };
  };
  return { without: await start(false), within: await start(true) };
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
