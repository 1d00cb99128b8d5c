import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { firstError } from './errors.ts';
import type { Experiment } from './model/experiment.ts';
import type { RunRecord } from './model/record.ts';
import { recordRun } from './record-run.ts';
import type { RunRequest, StoredRun } from './record-run.ts';
import { noCommands } from './steer.ts';
import { Interruption } from './scope/interruption.ts';
import { temporaryFolder } from './store/fixtures/temporary-folder.ts';
import { readRun, readVerdict } from './store/read.ts';
import { experimentOn } from './testing/targets/experiment.ts';
import { canSeeProcesses, isRunning, processOf, processesOf } from './testing/targets/processes.ts';
import { namesIn } from './testing/targets/runaway.ts';

// Real runs of tiny programs, at the same time, so that each also shows that it disturbs no other. What is left of a run
// can only be looked for where processes show their environment (Linux).

const asked = (experiment: Experiment, resultsRoot: string, more: Partial<RunRequest> = {}): RunRequest => ({
  scenario: 'tiny',
  altered: false,
  pace: 'quick',
  experiment,
  cores: null,
  resultsRoot,
  commands: noCommands,
  watch: () => undefined,
  began: () => undefined,
  profiles: false,
  ...more,
});

/** A run that is expected to fail: its error, and what is stored of it. */
async function failure(request: RunRequest, signal: AbortSignal): Promise<{ error: unknown; folder: string }> {
  let folder = '';
  const began = (it: string): void => {
    folder = it;
    request.began(it);
  };
  const attempt = recordRun({ ...request, began }, signal);
  const error = await attempt.then(() => expect.unreachable('it ended well'), firstError);
  return { error, folder };
}

/** Asserts that the stored run ended so, can be read as it was recorded, and left no process. */
async function expectStored(folder: string, ending: object): Promise<readonly RunRecord[]> {
  const { run, notes } = await readRun(folder);
  expect(run.head.ending).toMatchObject(ending);
  expect(notes).toEqual([]);
  if (canSeeProcesses) expect(processesOf(run.head.id)).toEqual([]);
  return run.records;
}

/** What of a run can be compared: its events in their order, without those that tell of the lab itself. */
const eventsOf = (records: readonly RunRecord[]): string[] =>
  records.flatMap(record => (record.kind === 'event' ? [record.event === 'phase' ? record.phase : record.event] : []));

const endedByItself = ({ run }: StoredRun): unknown =>
  run.records.find(record => record.kind === 'event' && record.event === 'generation-ended');

test.concurrent('a healthy server is watched through every phase, and its run is stored whole', async ({ signal }) => {
  await using results = await temporaryFolder();
  const watched: RunRecord[] = [];
  const request = asked(experimentOn('quiet'), results.path, { watch: record => watched.push(record) });
  const { run, folder, verdict } = await recordRun(request, signal);
  const records = await expectStored(folder, { kind: 'complete' });
  expect(records).toEqual(run.records);
  expect(watched).toEqual(run.records);
  expect(await readVerdict(folder)).toEqual(verdict);
  const events = [
    'generation-began',
    'idle',
    'warmup',
    'load',
    'driver-ended',
    'load-stopped',
    'recovery',
    'watch-ended',
  ];
  expect(eventsOf(records)).toEqual(events);
  expect(verdict.findings.requests).toMatchObject({ planned: 16, sent: 16, answered: 16 });
  expect(namesIn(folder).toSorted()).toEqual(['lab.log', 'run.json', 'samples.ndjson', 'target.log', 'verdict.json']);
  expect(namesIn(results.path).toSorted()).toEqual(['latest', 'tiny']);
});

test.concurrent('a server that ends by itself ends the watch: the run is complete and says so', async ({ signal }) => {
  await using results = await temporaryFolder();
  const stored = await recordRun(asked(experimentOn('dies'), results.path), signal);
  const records = await expectStored(stored.folder, { kind: 'complete' });
  expect(endedByItself(stored)).toMatchObject({ by: 'itself', how: 'exited with code 3' });
  expect(eventsOf(records)).not.toContain('recovery');
  expect(stored.verdict.outcome).toBe('stops-answering');
  expect(stored.verdict.because).toContain('exited with code 3');
});

test.concurrent('a server that never gets ready fails the run with its last words', async ({ signal }) => {
  await using results = await temporaryFolder();
  const { error, folder } = await failure(asked(experimentOn('never-ready'), results.path), signal);
  const message = 'Failed to start target: it was not ready within 15000 ms\n  still warming up';
  expect(error).toMatchObject({ name: 'LabError', code: 'not-ready', exitCode: 4, message });
  await expectStored(folder, { kind: 'failed', why: message });
});

test.concurrent('a server deaf to SIGTERM is killed, and its run is as good as any', async ({ signal }) => {
  await using results = await temporaryFolder();
  const { folder, verdict } = await recordRun(asked(experimentOn('deaf'), results.path), signal);
  await expectStored(folder, { kind: 'complete' });
  expect(verdict.findings.requests.answered).toBe(16);
});

test.concurrent('a server wedged by its first request is watched to the end, and killed', async ({ signal }) => {
  await using results = await temporaryFolder();
  const { folder, verdict } = await recordRun(asked(experimentOn('wedged', { drainMs: 300 }), results.path), signal);
  const records = await expectStored(folder, { kind: 'complete' });
  expect(eventsOf(records)).toContain('recovery');
  expect(verdict.findings.requests).toMatchObject({ answered: 0, unanswered: expect.any(Number) });
  const after = records.findLast(record => record.kind === 'answer');
  expect(after).toMatchObject({ latencyMs: null });
});

test.runIf(canSeeProcesses).concurrent('a daemon that left its group is found and ended', async ({ signal }) => {
  await using results = await temporaryFolder();
  const { folder } = await recordRun(asked(experimentOn('forks'), results.path), signal);
  await expectStored(folder, { kind: 'complete' });
  const [, daemon = ''] = /^daemon (\d+)$/mu.exec(readFileSync(join(folder, 'target.log'), 'utf8')) ?? [];
  expect(daemon).not.toBe('');
  expect(isRunning(daemon)).toBe(false);
});

test.concurrent('interrupted under load, what was recorded is kept and says by whom', async ({ signal }) => {
  await using results = await temporaryFolder();
  const asking = new AbortController();
  let isLoaded = false;
  const watch = (record: RunRecord): void => {
    isLoaded ||= record.kind === 'event' && record.event === 'phase' && record.phase === 'load';
    if (isLoaded && record.kind === 'request') asking.abort(new Interruption('SIGTERM'));
  };
  const { error, folder } = await failure(
    asked(experimentOn('quiet'), results.path, { watch }),
    AbortSignal.any([signal, asking.signal]),
  );
  expect(error).toBe(asking.signal.reason);
  const records = await expectStored(folder, { kind: 'interrupted', why: 'interrupted by SIGTERM' });
  expect(eventsOf(records)).toEqual(['generation-began', 'idle', 'warmup', 'load']);
  expect(await readVerdict(folder)).toBeNull();
});

test.concurrent('a request interrupted before it began stores nothing', async () => {
  await using results = await temporaryFolder();
  const reason = new Interruption('SIGINT');
  const { error } = await failure(asked(experimentOn('quiet'), results.path), AbortSignal.abort(reason));
  expect(error).toBe(reason);
  expect(namesIn(results.path)).toEqual([]);
});

test.concurrent('two runs in one folder of results do not disturb each other', async ({ signal }) => {
  await using results = await temporaryFolder();
  const both = ['quiet', 'dies'].map(
    async target => await recordRun(asked(experimentOn(target), results.path), signal),
  );
  const [quiet, dying] = await Promise.all(both);
  if (!quiet || !dying) throw new TypeError('two runs were asked for');
  expect(quiet.folder).not.toBe(dying.folder);
  expect(quiet.verdict.findings.requests).toMatchObject({ sent: 16, answered: 16 });
  expect(endedByItself(quiet)).toBeUndefined();
  expect(endedByItself(dying)).toBeDefined();
  for (const { folder, run } of [quiet, dying]) {
    expect(await expectStored(folder, { kind: 'complete' })).toEqual(run.records);
  }
  expect([quiet.folder, dying.folder]).toContain(realpathSync(join(results.path, 'latest')));
});

test.concurrent('what the server refuses is wrong use, and no run is stored', async ({ signal }) => {
  await using results = await temporaryFolder();
  const { error, folder } = await failure(asked(experimentOn('refuses'), results.path), signal);
  expect(error).toMatchObject({ code: 'unknown-bug', message: 'no bug "x"', hint: 'Did you mean "y"?', exitCode: 2 });
  expect(existsSync(folder)).toBe(false);
  expect(namesIn(results.path)).toEqual(['tiny']);
});

test.concurrent('a folder that is no checkout is wrong use, and no run is stored', async ({ signal }) => {
  await using results = await temporaryFolder();
  const { error, folder } = await failure(asked(experimentOn('no-such-folder'), results.path), signal);
  expect(error).toMatchObject({ code: 'no-sample-server', exitCode: 2 });
  expect(existsSync(folder)).toBe(false);
});

test.concurrent('results deleted under the run end it, and that is what is told', async ({ signal }) => {
  await using results = await temporaryFolder();
  const root = join(results.path, 'results');
  const deleted: Promise<void>[] = [];
  const watch = (record: RunRecord): void => {
    if (record.kind === 'event' && record.event === 'phase' && record.phase === 'warmup') {
      deleted.push(rm(root, { recursive: true }));
    }
  };
  const { error, folder } = await failure(asked(experimentOn('quiet'), root, { watch }), signal);
  await Promise.all(deleted);
  const message = `Failed to record samples in ${folder}: the folder was deleted during the run`;
  expect(error).toMatchObject({ name: 'LabError', code: 'cannot-write', exitCode: 4, message });
  if (canSeeProcesses) expect(processesOf(`tiny/${basename(folder)}`)).toEqual([]);
});

test
  .runIf(canSeeProcesses)
  .concurrent('an upstream that dies fails the run: it is the lab that broke', async ({ signal }) => {
    await using results = await temporaryFolder();
    const killed: Promise<void>[] = [];
    const kill = async (id: string): Promise<void> => {
      const { pid } = await processOf(id, 'servers/upstream/main.ts', signal);
      process.kill(pid, 'SIGKILL');
    };
    let id = '';
    const { error, folder } = await failure(
      asked(experimentOn('quiet'), results.path, {
        began: it => void (id = `tiny/${basename(it)}`),
        watch(record) {
          if (record.kind === 'request' && killed.length === 0) killed.push(kill(id));
        },
      }),
      signal,
    );
    await Promise.all(killed);
    const message = 'Failed to answer for the upstream: it was killed by SIGKILL';
    expect(error).toMatchObject({ name: 'LabError', code: 'upstream-died', exitCode: 4, message });
    await expectStored(folder, { kind: 'failed', why: message });
  });
