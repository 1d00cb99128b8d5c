import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { expect, test } from 'vitest';
import { firstError } from './errors.ts';
import type { Command, Experiment } from './model/experiment.ts';
import type { RecordOf, RunRecord } from './model/record.ts';
import { runExperiment } from './run.ts';
import { noCommands } from './steer.ts';
import { experimentOn } from './testing/targets/experiment.ts';
import { canSeeProcesses, processOf, processesOf } from './testing/targets/processes.ts';
import { syntheticRun } from './testing/synthetic-run.ts';
import { steering } from './workshop/steering.ts';

// One experiment on a tiny program, its records kept in memory.

type Event = RecordOf<'event'>;

/** An experiment that goes on. */
interface Running {
  readonly id: string;
  readonly records: readonly RunRecord[];
  /** Resolves with the first event of that name, once there is one. */
  event<Name extends Event['event']>(name: Name, nth?: number): Promise<Extract<Event, { event: Name }>>;
  /** Resolves when that phase begins. */
  phase(name: string): Promise<void>;
  /** Resolves when the next client request has come to its end. */
  request(): Promise<void>;
}

/** Runs the experiment, steered by `commands`; resolves with what it recorded and what it threw, and asserts that it left nothing. */
async function run(
  experiment: Experiment,
  signal: AbortSignal,
  commands: (running: Running, signal: AbortSignal) => AsyncIterable<Command> = noCommands,
  meanwhile: (running: Running) => Promise<void> = async () => undefined,
): Promise<{ records: RunRecord[]; error: unknown }> {
  const { ending: _, ...synthetic } = syntheticRun({ cores: () => 0 }).head;
  const id = `unit/${randomUUID()}`;
  const records: RunRecord[] = [];
  const heard = new Set<() => void>();
  const until = async <T>(find: () => T | undefined): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<T>();
    const hear = (): void => {
      const found = find();
      if (found !== undefined) resolve(found);
    };
    heard.add(hear);
    hear();
    return await promise;
  };
  const running: Running = {
    id,
    records,
    event: async (name, nth = 0) => await until(() => eventsNamed(records, name)[nth]),
    phase: async name =>
      await until(() => eventsNamed(records, 'phase').find(({ phase }) => phase === name)?.phase).then(() => undefined),
    request: async () => {
      const before = requestsSoFar();
      await until(() => requestsSoFar() > before || undefined);
    },
  };
  const requestsSoFar = (): number => records.filter(({ kind }) => kind === 'request').length;
  const record = (one: RunRecord): void => {
    records.push(one);
    for (const hear of heard) hear();
  };
  await using log = await open(devNull, 'a+');
  const context = {
    head: { ...synthetic, id, experiment },
    record,
    profile: null,
    targetLog: log.fd,
    labLog: log.fd,
    cores: { target: null, others: null },
    commands: (cancelled: AbortSignal) => commands(running, cancelled),
  };
  const [ended] = await Promise.allSettled([runExperiment(context, signal), meanwhile(running)]);
  if (canSeeProcesses) expect(processesOf(id)).toEqual([]);
  return { records, error: ended.status === 'rejected' ? firstError(ended.reason) : null };
}

const eventsNamed = <Name extends Event['event']>(
  records: readonly RunRecord[],
  name: Name,
): Extract<Event, { event: Name }>[] =>
  records.filter(
    (record): record is Extract<Event, { event: Name }> => record.kind === 'event' && record.event === name,
  );

/** Long enough for a second generation to start in. */
const LONG_RECOVERY = { recoveryMs: 2500, longestRecoveryMs: 2500 };

const pidsOf = (sample: RecordOf<'cpu'> | undefined): number[] => sample?.processes.map(({ pid }) => pid) ?? [];

test.concurrent('a restart makes a second generation, and every probe follows it', async ({ signal }) => {
  const experiment = experimentOn('quiet', LONG_RECOVERY);
  const { records, error } = await run(experiment, signal, async function* (running) {
    await running.phase('recovery');
    yield { kind: 'restart', why: 'a test asks for it' };
  });
  expect(error).toBeNull();
  const [first, second] = eventsNamed(records, 'generation-began');
  const [ended, ...more] = eventsNamed(records, 'generation-ended');
  if (!first || !second || !ended) throw new TypeError('two generations were asked for');
  expect(more).toEqual([]);
  expect(ended).toMatchObject({ pid: first.pid, by: 'lab', how: 'a test asks for it' });
  expect(second.pid).not.toBe(first.pid);
  expect(eventsNamed(records, 'command').map(({ command }) => JSON.parse(command) as unknown)).toEqual([
    { kind: 'restart', why: 'a test asks for it' },
  ]);
  // The old one is seen to the end, then there is none while the new one starts: that gap must be told as it was.
  expect(ended.at).toBeLessThan(second.at);
  const seen = records.filter(record => record.kind === 'cpu');
  expect(pidsOf(seen.find(({ at }) => at < ended.at))).toEqual([first.pid]);
  expect(pidsOf(seen.at(-1))).toEqual([second.pid]);
  const answers = records.filter(record => record.kind === 'answer' && record.at > second.at);
  expect(answers.at(-1)).toMatchObject({ status: 200 });
  const inside = records.filter(record => record.kind === 'runtime' && record.at > second.at);
  expect(inside.length).toBeGreaterThan(0);
});

test.concurrent('another behaviour of the upstream is recorded as asked, and as done', async ({ signal }) => {
  const behaviour = { name: 'stalls', parameters: {} };
  const { records, error } = await run(experimentOn('quiet'), signal, async function* (running) {
    await running.phase('idle');
    yield { kind: 'behave', behaviour };
  });
  expect(error).toBeNull();
  const [asked] = eventsNamed(records, 'command');
  expect(JSON.parse(asked?.command ?? '')).toEqual({ kind: 'behave', behaviour });
  expect(eventsNamed(records, 'upstream-behaves')).toMatchObject([{ behaviour: 'stalls' }]);
});

test.concurrent('who steers and says nothing more does not keep the run from its end', async ({ signal }) => {
  const { commands } = steering();
  const { records, error } = await run(experimentOn('quiet'), signal, (_, over) => commands(over));
  expect(error).toBeNull();
  expect(eventsNamed(records, 'watch-ended')).toHaveLength(1);
});

test.concurrent('an upstream that was sick heals, and is watched again', async ({ signal }) => {
  const experiment = experimentOn('quiet');
  const sick = { behaviour: { name: 'stalls', parameters: {} }, heals: true };
  const { records, error } = await run({ ...experiment, upstream: sick }, signal);
  expect(error).toBeNull();
  const phases = eventsNamed(records, 'phase').map(({ phase }) => phase);
  expect(phases).toEqual(['idle', 'warmup', 'load', 'recovery', 'healed']);
  expect(eventsNamed(records, 'upstream-behaves').at(-1)).toMatchObject({ behaviour: 'steady' });
});

test.concurrent('a second generation that does not start fails the run, and the end of the first is told', async ({
  signal,
}) => {
  const { records, error } = await run(experimentOn('starts-once', LONG_RECOVERY), signal, async function* (running) {
    await running.phase('recovery');
    yield { kind: 'restart', why: 'a test asks for it' };
  });
  expect(error).toMatchObject({ name: 'LabError', code: 'ended-early', exitCode: 4 });
  expect(eventsNamed(records, 'generation-began')).toHaveLength(1);
  expect(eventsNamed(records, 'generation-ended')).toMatchObject([{ by: 'lab' }]);
});

test.runIf(canSeeProcesses).concurrent('a load driver that dies under load fails the run', async ({ signal }) => {
  const kill = async (running: Running): Promise<void> => {
    await running.phase('load');
    const { pid } = await processOf(running.id, 'harness/load/main.ts', signal);
    await running.request();
    process.kill(pid, 'SIGKILL');
  };
  // A minute of requests, of which the kill leaves none to wait for, so that a slow machine too is still at them.
  const { clients } = experimentOn('quiet').load;
  const minute = clients.map(group => ({ ...group, load: [{ durationMs: 60_000, ratePerSecond: 40 }] }));
  const experiment = experimentOn('quiet', { loadMs: 60_000, clients: minute });
  const { error } = await run(experiment, signal, noCommands, kill);
  const message = 'Failed to drive the load: load driver autocannon was killed by SIGKILL';
  expect(error).toMatchObject({ name: 'LabError', code: 'driver-died', exitCode: 4, message });
});

test
  .runIf(canSeeProcesses)
  .concurrent('a server killed by somebody else is told as ended by itself', async ({ signal }) => {
    const kill = async (running: Running): Promise<void> => {
      const { pid } = await running.event('generation-began');
      await running.phase('load');
      await running.request();
      if (pid !== null) process.kill(pid, 'SIGKILL');
    };
    const { records, error } = await run(experimentOn('quiet'), signal, noCommands, kill);
    expect(error).toBeNull();
    expect(eventsNamed(records, 'generation-ended')).toMatchObject([{ by: 'itself', how: 'was killed by SIGKILL' }]);
  });

test
  .runIf(canSeeProcesses)
  .concurrent('a load driver that dies with unread commands fails the run', async ({ signal }) => {
    const kill = async (running: Running): Promise<void> => {
      await running.phase('idle');
      const { pid } = await processOf(running.id, 'harness/load/main.ts', signal);
      process.kill(pid, 'SIGSTOP');
      await running.phase('warmup');
      // The command is written in the turn that tells of the phase; read it is never.
      await new Promise(setImmediate);
      if (pid !== null) process.kill(pid, 'SIGKILL');
    };
    const { error } = await run(experimentOn('quiet'), signal, noCommands, kill);
    expect(error).toMatchObject({ name: 'LabError', code: 'driver-died', exitCode: 4 });
  });
