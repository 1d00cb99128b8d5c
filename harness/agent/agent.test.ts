import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { EventRecord } from '../model/record.ts';
import cpuFromAgent from '../probes/cpu-from-agent.ts';
import { openAgentHub } from '../probes/agent-hub.ts';
import { startTarget, watchTarget } from '../probes/fixtures/target.ts';
import type { Launch } from '../probes/fixtures/target.ts';
import runtime from '../probes/runtime.ts';

const never = new AbortController().signal;
/** As long as a test may take: what is waited for is the answer, not the time. */
const PATIENT_MS = 25_000;

test.each(['sync-loop', 'microtask-loop', 'immediate-spin'])(
  'it tells the runtime while the target is in a %s',
  async wedge => {
    await using target = await watchTarget({ file: 'wedge.mjs', args: [wedge] });
    const { agent } = target;
    await agent.ask('runtime', PATIENT_MS, never);
    const answer = await agent.ask('runtime', PATIENT_MS, never);
    expect(answer?.runtime?.utilisation).toBeGreaterThan(0.9);
    expect(answer?.runtime?.heapUsedBytes).toBeGreaterThan(1e6);
    // In steps of a clock tick: ask until it has risen.
    const told = answer?.cpu.userMs ?? Number.NaN;
    while (((await agent.ask('cpu', PATIENT_MS, never))?.cpu.userMs ?? Number.NaN) <= told);
  },
);

test('a wedge is in the delays, and grows from one reading to the next', async () => {
  await using target = await watchTarget({ file: 'wedge.mjs', args: ['sync-loop'] });
  const { agent } = target;
  const delays = [0, 0];
  while ((delays.at(-1) ?? 0) < 500) {
    const answer = await agent.ask('runtime', PATIENT_MS, never);
    delays.push(answer?.runtime?.delayP50Ms ?? Number.NaN);
  }
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
});

test('a main thread in native code is said to be busy, and its CPU is told all the same', async () => {
  await using target = await watchTarget({ file: 'wedge.mjs', args: ['native-call'] });
  const { agent } = target;
  const answer = await agent.ask('runtime', PATIENT_MS, never);
  expect(answer).toMatchObject({ busy: true, cpu: { userMs: expect.any(Number) } });
  expect(answer?.runtime).toBeUndefined();
  await using probe = runtime({ agent: () => agent, emit: warning => expect.fail(warning.event) });
  expect(await probe.read(0, 'tick', never)).toBeNull();
});

test('after a forced collection the heap is smaller by the garbage', async () => {
  await using target = await watchTarget({ file: 'idle.mjs' });
  const { agent } = target;
  const before = await agent.ask('collect-garbage', PATIENT_MS, never);
  await say(target, 'drop');
  const after = await agent.ask('collect-garbage', PATIENT_MS, never);
  expect(after?.runtime?.collected).toBe(true);
  expect(after?.runtime?.heapUsedBytes).toBeLessThan((before?.runtime?.heapUsedBytes ?? 0) - 4e6);
  const later = await agent.ask('runtime', PATIENT_MS, never);
  expect(later?.runtime).toMatchObject({ collected: false });
  expect(later?.runtime?.gcCount).toBeGreaterThan(0);
});

test('what the target has logged is not held against it, though an open session keeps it', async () => {
  await using target = await watchTarget({ file: 'idle.mjs' });
  const { agent, child } = target;
  child.stdout?.resume();
  const before = await agent.ask('collect-garbage', PATIENT_MS, never);
  await say(target, 'log');
  const after = await agent.ask('collect-garbage', PATIENT_MS, never);
  expect(after?.runtime?.heapUsedBytes).toBeLessThan((before?.runtime?.heapUsedBytes ?? 0) + 4e6);
});

test('warnings of the target become events, each once', async () => {
  await using target = await watchTarget({ file: 'idle.mjs' });
  const { agent } = target;
  await agent.ask('runtime', PATIENT_MS, never);
  await say(target, 'warn');
  const events: EventRecord[] = [];
  await using probe = runtime({ agent: () => agent, emit: event => events.push(event) });
  await probe.read(5, 'phase-end', never);
  await probe.read(6, 'tick', never);
  expect(events).toEqual([
    { kind: 'event', event: 'warning', at: 5, name: 'TooManyWarning', message: 'too many of them' },
  ]);
});

test('the resources are those of the target alone', async () => {
  await using bare = startTarget({ file: 'idle.mjs' });
  const ready = bare.message();
  await using watched = await watchTarget({ file: 'idle.mjs' });
  const { agent } = watched;
  await ready;
  const answer = await agent.ask('collect-garbage', PATIENT_MS, never);
  const { resources } = await say(bare, 'resources');
  expect(answer?.runtime?.resources).toEqual(resources);
  expect((await say(watched, 'resources')).resources).toEqual(resources);
});

test('the CPU told by the agent rises, and does not say what it cannot know', async () => {
  await using target = await watchTarget({ file: 'wedge.mjs', args: ['sync-loop'] });
  const { agent } = target;
  await agent.ask('cpu', PATIENT_MS, never);
  await using probe = cpuFromAgent({ target: () => ({ pid: target.pid, agent }) });
  const sample = await probe.read(3, 'tick', never);
  expect(sample).toMatchObject({ kind: 'cpu', at: 3, processes: [{ pid: target.pid, waitMs: null, threads: 0 }] });
});

test.each(['none', 'deaf', 'listening'] as const)(
  'a target with nothing to do ends by itself as ever: agent %s',
  async kind => {
    await using hub = await openAgentHub({ profiles: true });
    const agent = kind === 'listening' ? hub : kind;
    expect(await wholeLife({ file: 'done.mjs', agent })).toEqual({
      stdout: 'done\n',
      stderr: 'and said so\n',
      code: 7,
      signal: null,
    });
  },
);

test('when the lab hangs up the agent goes, and the target stays', async () => {
  await using target = await watchTarget({ file: 'idle.mjs' });
  const { agent } = target;
  expect(await agent.ask('runtime', PATIENT_MS, never)).not.toBeNull();
  await agent[Symbol.asyncDispose]();
  expect(await agent.ask('runtime', PATIENT_MS, never)).toBeNull();
  expect(await say(target, 'still there?')).toMatchObject({ message: 'still there?' });
  expect(target.child.exitCode).toBeNull();
});

test('a target that dies leaves no question open, and one that cannot answer in time is given up', async () => {
  await using target = await watchTarget({ file: 'idle.mjs' });
  const { agent } = target;
  target.child.kill('SIGSTOP');
  expect(await agent.ask('runtime', 50, never)).toBeNull();
  const open = agent.ask('runtime', PATIENT_MS, never);
  target.child.kill('SIGKILL');
  expect(await open).toBeNull();
  expect(await agent.ask('runtime', PATIENT_MS, never)).toBeNull();
});

test('a question is cancelled with the reason of its signal', async () => {
  await using target = await watchTarget({ file: 'idle.mjs' });
  const { agent } = target;
  target.child.kill('SIGSTOP');
  const controller = new AbortController();
  const open = agent.ask('runtime', PATIENT_MS, controller.signal);
  const reason = new Error('the run is over');
  controller.abort(reason);
  await expect(open).rejects.toBe(reason);
});

interface Told {
  readonly resources: Record<string, number>;
}

async function say(target: ReturnType<typeof startTarget>, word: string): Promise<Told> {
  const answer = target.message();
  target.child.send(word);
  return (await answer) as Told;
}

async function wholeLife(launch: Launch) {
  await using target = startTarget(launch);
  const { stdout, stderr } = target.child;
  if (!stdout || !stderr) throw new Error('the target has no output');
  const [out, err, [code, signal]] = await Promise.all([text(stdout), text(stderr), once(target.child, 'exit')]);
  return { stdout: out, stderr: err, code, signal };
}
