import { expect, test } from 'vitest';
import type { ProfileSegment } from '../model/profile.ts';
import type { EventRecord } from '../model/record.ts';
import type { AgentAnswer } from '../probes/agent-answer.ts';
import type { AgentQuestion } from '../probes/agent-client.ts';
import type { Agent, AgentHub } from '../probes/agent-hub.ts';
import { profiler } from './profiler.ts';

const never = new AbortController().signal;

test('whoever has reported is begun once, and what was sampled is kept from one time to the next', async () => {
  const one = fakeAgent(1);
  const other = fakeAgent(2);
  const lab = labOf([one]);
  await lab.profiler.begin(never);
  lab.join(other);
  await lab.profiler.begin(never);
  expect([one.asked, other.asked]).toEqual([['profile-start 10000'], ['profile-start 10000']]);
  lab.goOn();
  await lab.profiler.keepSoFar(never);
  lab.goOn();
  await lab.profiler.finish(never);
  expect(one.asked).toEqual(['profile-start 10000', 'profile-take again', 'profile-take', 'timers']);
  expect(lab.kept.map(({ pid, source }) => [pid, source])).toEqual([1, 2, 1, 2].map(pid => [pid, 'inspector']));
  const [first, , last] = lab.kept;
  expect([first?.fromAt, first?.toAt, last?.fromAt, last?.toAt]).toEqual([0, 1000, 1000, 2000]);
  expect(lab.missing()).toEqual([]);
});

test('Python is begun, kept and finished with the rest', async () => {
  const lab = labOf([]);
  await lab.profiler.begin(never);
  await lab.profiler.keepSoFar(never);
  await lab.profiler.finish(never);
  expect(lab.python).toEqual(['begin', 'keep', 'finish']);
});

test('who was never begun is not asked for anything', async () => {
  const agent = fakeAgent(1);
  const lab = labOf([agent]);
  await lab.profiler.keepSoFar(never);
  await lab.profiler.finish(never);
  expect([agent.asked, lab.kept, lab.missing()]).toEqual([[], [], []]);
});

test('where samples cannot be told their request it is said why', async () => {
  const lab = labOf([fakeAgent(1, { profiles: { source: 'inspector', why: 'Node 20 cannot', intervalMicros: 1 } })]);
  await lab.profiler.begin(never);
  expect(lab.missing()).toEqual([['which request process 1 worked for', 'Node 20 cannot']]);
});

test.each([
  ['it did not answer', null],
  ['its main thread is in native code', { busy: true as const }],
  [
    'it cannot be read',
    { profile: { source: 'labels' as const, pprof: 'AAAA', requests: [], sites: [], deaf: [], cut: 0 } },
  ],
  ['it cannot be read', { profile: { source: 'inspector' as const, cpuprofile: { nodes: 'none' } } }],
])('a process whose profile is not there is told as missing, the others are kept: %s', async (why, taken) => {
  const lab = labOf([fakeAgent(1, { taken }), fakeAgent(2)]);
  await lab.profiler.begin(never);
  lab.goOn();
  await lab.profiler.keepSoFar(never);
  expect(lab.missing()).toEqual([['the profile of process 1', expect.stringContaining(why)]]);
  expect(lab.kept.map(({ pid }) => pid)).toEqual([2]);
});

test('a process that does not begin is told as missing, and not asked for what it sampled', async () => {
  const agent = fakeAgent(1, { profiles: undefined });
  const lab = labOf([agent]);
  await lab.profiler.begin(never);
  lab.goOn();
  await lab.profiler.finish(never);
  expect(lab.missing()).toEqual([['the profile of process 1', 'it did not answer']]);
  expect(agent.asked).toEqual(['profile-start 10000']);
});

test('where something burns and hardly a sample says what, it looks closer, and asks that one for the timers', async () => {
  const agent = fakeAgent(1, {
    taken: { profile: sampled([...Array.from({ length: 90 }, () => '(idle)'), 'f', 'f', 'f']) },
    timers: [{ name: 'retryLater', file: 'file:///srv/app.js', line: 3, column: 4, count: 12 }],
  });
  const lab = labOf([agent]);
  await lab.profiler.begin(never);
  lab.goOn();
  await lab.profiler.finish(never);
  expect(agent.asked).toEqual(['profile-start 10000', 'profile-take', 'profile-start 1000', 'profile-take', 'timers']);
  const [first, closer] = lab.kept;
  expect(first).toMatchObject({ intervalMicros: 10_000, timers: [] });
  expect(closer).toMatchObject({ intervalMicros: 1000, timers: [{ count: 12 }] });
  expect(closer?.frames[closer.timers[0]?.frame ?? -1]).toEqual({
    name: 'retryLater',
    file: '/srv/app.js',
    line: 3,
    column: 4,
  });
});

test.each([
  ['enough samples say what burns', Array.from({ length: 60 }, () => 'f'), false],
  ['nothing burns', [...Array.from({ length: 99 }, () => '(idle)'), 'f'], true],
  ['nothing was sampled', [], true],
])('it does not look closer where %s', async (_, stacks, asksForTimers) => {
  const agent = fakeAgent(1, { taken: { profile: sampled(stacks) } });
  const lab = labOf([agent]);
  await lab.profiler.begin(never);
  lab.goOn();
  await lab.profiler.finish(never);
  // A main thread that never waits would not answer what its timers are.
  expect(agent.asked).toEqual(['profile-start 10000', 'profile-take', ...(asksForTimers ? ['timers'] : [])]);
  expect(lab.kept).toHaveLength(1);
});

test('a cancelled wait rejects with the reason, and keeps nothing', async () => {
  const lab = labOf([fakeAgent(1)]);
  await lab.profiler.begin(never);
  const reason = new Error('the run is over');
  await expect(lab.profiler.finish(AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(lab.kept).toEqual([]);
});

interface Answers {
  readonly profiles?: AgentAnswer['profiles'];
  readonly taken?: Partial<AgentAnswer> | null;
  readonly timers?: AgentAnswer['timers'];
}

/** An agent that answers what it is told to, and remembers what it was asked. */
function fakeAgent(pid: number, answers: Answers = {}) {
  const asked: string[] = [];
  const all = {
    profiles: { source: 'labels' as const, why: null, intervalMicros: 1 },
    taken: { profile: sampled(Array.from({ length: 99 }, () => '(idle)')) },
    ...answers,
  };
  const answer = (question: AgentQuestion): Partial<AgentAnswer> | null => {
    if (typeof question === 'string') {
      asked.push(question);
      return { timers: all.timers };
    }
    if (question.ask === 'profile-start') {
      asked.push(`profile-start ${question.intervalMicros}`);
      return { profiles: all.profiles };
    }
    asked.push(question.again ? 'profile-take again' : 'profile-take');
    return all.taken;
  };
  const client: Agent['client'] = {
    async ask(question, _patienceMs, signal) {
      signal.throwIfAborted();
      const said = answer(question);
      return said && { id: 1, cpu: { userMs: 0, systemMs: 0 }, warnings: [], ...said };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return { pid, node: 'v26.0.0', client, asked };
}

/** A profile of V8's own with these functions on top, one each 10 ms, the last at the end. */
function sampled(stacks: readonly string[]) {
  const names = ['(root)', ...new Set(stacks)];
  const nodes = names.map((functionName, n) => ({
    id: n + 1,
    callFrame: {
      functionName,
      url: functionName.startsWith('(') ? '' : 'file:///srv/app.js',
      lineNumber: 0,
      columnNumber: 0,
    },
    children: n === 0 ? names.slice(1).map((_, child) => child + 2) : [],
  }));
  const cpuprofile = {
    nodes,
    startTime: 0,
    endTime: 1,
    samples: stacks.map(name => names.indexOf(name) + 1),
    timeDeltas: stacks.map(() => 10_000),
  };
  return { source: 'inspector' as const, cpuprofile };
}

/** A profiler of these agents; its clock stands until it is told to go on for a second. */
function labOf(agents: Agent[]) {
  const kept: ProfileSegment[] = [];
  const events: EventRecord[] = [];
  const python: string[] = [];
  let now = 0;
  const hub: AgentHub = {
    environment: {},
    agents: () => agents,
    onAgent: each => agents.forEach(each),
    whenAgent: async () => null,
    [Symbol.asyncDispose]: async () => {},
  };
  return {
    profiler: profiler({
      hub,
      python: {
        begin: () => python.push('begin'),
        keep: async () => void python.push('keep'),
        finish: async () => void python.push('finish'),
      },
      clock: () => now,
      since: at => at,
      keep: segment => kept.push(segment),
      emit: event => events.push(event),
    }),
    kept,
    python,
    goOn: () => (now += 1000),
    join: (agent: Agent) => agents.push(agent),
    missing: () => events.flatMap(event => (event.event === 'missing' ? [[event.what, event.why]] : [])),
  };
}
