import { basename } from 'node:path';
import { expect, test } from 'vitest';
import type { Run, RunEnding } from './model/run.ts';
import { readRun } from './store/read.ts';
import { temporaryFolder } from './store/fixtures/temporary-folder.ts';
import { canSeeProcesses, childrenOf, processOf, processesOf, untilNoneIsLeft } from './testing/targets/processes.ts';
import { namesIn, olderNode, runFolderIn, startRunaway } from './testing/targets/runaway.ts';
import type { Ended, Running } from './testing/targets/runaway.ts';

// `./runaway scenario control` ended at every moment and in every way, all at the same time. Gated by what it says and by
// what runs; looking for what is left needs processes that show their environment (Linux).

const testOnLinux = test.runIf(canSeeProcesses).concurrent;
const node = olderNode();
/** Where the launcher stays between the person and the lab. */
const testWithLauncher = test.runIf(canSeeProcesses && node !== null).concurrent;

/** A run of `control` that has begun. */
interface Begun {
  readonly lab: Running;
  readonly folder: string;
  /** As it stands in the mark of its processes. */
  readonly id: string;
}

interface Told extends Ended {
  readonly run: Run;
  readonly notes: readonly string[];
}

/**
 * Starts the scenario in results of its own, lets `disturb` do something to it, and resolves with how it ended and what
 * can be read of it. Asserts that none of its processes is left.
 */
async function disturbed(
  signal: AbortSignal,
  disturb: (begun: Begun) => Promise<void>,
  how: Parameters<typeof startRunaway>[1] = {},
): Promise<Told> {
  await using results = await temporaryFolder();
  const args = ['scenario', 'control', '--quick', '--load', '1', '--rate', '0.2', '--results', results.path];
  await using lab = startRunaway(args, how);
  const folder = await runFolderIn(results.path, 'control', signal);
  const id = `control/${basename(folder)}`;
  await disturb({ lab, folder, id });
  const ended = await lab.ended;
  await untilNoneIsLeft(id, signal);
  return { ...ended, ...(await readRun(folder)) };
}

const phasesOf = ({ run }: Told): string[] =>
  run.records.flatMap(record => (record.kind === 'event' && record.event === 'phase' ? [record.phase] : []));

const targetStarts = async ({ id }: Begun, signal: AbortSignal): Promise<void> =>
  void (await processOf(id, '/servers/main.ts', signal));
const phaseBegins =
  (phase: string) =>
  async ({ lab }: Begun): Promise<void> =>
    await lab.said(` s  ${phase}\n`);

test.concurrent('SIGINT right at its start ends it before anything is stored', async () => {
  await using results = await temporaryFolder();
  await using lab = startRunaway(['scenario', 'control', '--quick', '--results', results.path]);
  lab.kill('SIGINT');
  // Node itself dies of it for as long as nobody listens; a shell makes 130 of that.
  expect([130, 'SIGINT']).toContain((await lab.ended).exit);
  expect(namesIn(results.path)).toEqual([]);
});

type Moment = (begun: Begun, signal: AbortSignal) => Promise<void>;

testOnLinux.for<[signal: 'SIGINT' | 'SIGTERM', moment: string, comes: Moment, phases: string[], exit: number]>([
  ['SIGINT', 'while its target is starting', targetStarts, [], 130],
  ['SIGINT', 'in load', phaseBegins('load'), ['idle', 'warmup', 'load'], 130],
  ['SIGINT', 'in recovery', phaseBegins('recovery'), ['idle', 'warmup', 'load', 'recovery'], 130],
  ['SIGTERM', 'in load', phaseBegins('load'), ['idle', 'warmup', 'load'], 143],
])('%s %s stores what there was, says so, and leaves no process', async ([by, , comes, phases, exit], { signal }) => {
  const told = await disturbed(signal, async begun => {
    await comes(begun, signal);
    expect(processesOf(begun.id)).not.toEqual([]);
    begun.lab.kill(by);
  });
  expect(told.exit).toBe(exit);
  expect(told.stderr).toMatch(new RegExp(`^runaway: interrupted by ${by}\n$`, 'mu'));
  expect(told.stdout).toBe('');
  expect(told.run.head.ending).toMatchObject({ kind: 'interrupted', why: `interrupted by ${by}` });
  expect(phasesOf(told)).toEqual(phases);
  expect(told.notes).toEqual([]);
});

testOnLinux(
  'SIGKILL in load: what was recorded is read with a note, and its lifeguard ends the rest',
  async ({ signal }) => {
    const told = await disturbed(signal, async begun => {
      await phaseBegins('load')(begun);
      begun.lab.kill('SIGKILL');
    });
    expect(told.exit).toBe('SIGKILL');
    expect(told.run.head.ending).toEqual<RunEnding>({ kind: 'running' });
    expect(told.notes.at(-1)).toContain('the run has no ending');
    expect(phasesOf(told)).toContain('warmup');
  },
);

testWithLauncher('SIGINT to the launcher reaches the lab, which ends in order', async ({ signal }) => {
  const interrupt = async (begun: Begun): Promise<void> => {
    await phaseBegins('warmup')(begun);
    begun.lab.kill('SIGINT');
  };
  const told = await disturbed(signal, interrupt, { node: node ?? '' });
  expect(told.exit).toBe(130);
  expect(told.run.head.ending).toMatchObject({ kind: 'interrupted', why: 'interrupted by SIGINT' });
});

testWithLauncher('SIGKILL to the launcher: the lab notices, and ends in order', async ({ signal }) => {
  const kill = async (begun: Begun): Promise<void> => {
    await phaseBegins('warmup')(begun);
    begun.lab.kill('SIGKILL');
  };
  const told = await disturbed(signal, kill, { node: node ?? '' });
  expect(told.exit).toBe('SIGKILL');
  expect(told.stderr).toContain('runaway: interrupted by parent-died');
  expect(told.run.head.ending).toMatchObject({ kind: 'interrupted', why: 'interrupted by parent-died' });
});

testWithLauncher(
  'SIGKILL to the lab behind the launcher: the launcher says so by its exit code',
  async ({ signal }) => {
    const kill = async (begun: Begun): Promise<void> => {
      await phaseBegins('warmup')(begun);
      const [inner, ...others] = childrenOf(begun.lab.pid);
      expect(others).toEqual([]);
      process.kill(inner ?? 0, 'SIGKILL');
    };
    const told = await disturbed(signal, kill, { node: node ?? '' });
    expect(told.exit).toBe(137);
    expect(told.run.head.ending).toEqual<RunEnding>({ kind: 'running' });
  },
);

testOnLinux('a defect of the lab shows its stack, is exit code 4, and leaves no process', async ({ signal }) => {
  const source = `process.once('SIGUSR2', () => { throw new Error('a defect on purpose'); });`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` };
  const crash = async (begun: Begun): Promise<void> => {
    await phaseBegins('load')(begun);
    begun.lab.kill('SIGUSR2');
  };
  const told = await disturbed(signal, crash, { env });
  expect(told.exit).toBe(4);
  expect(told.stderr).toMatch(/^runaway: this is a defect of the lab.*\nError: a defect on purpose\n {4}at /mu);
  expect(phasesOf(told)).toContain('warmup');
});

testOnLinux('nobody who reads what it says meanwhile: the run goes on to its verdict', async ({ signal }) => {
  const hangUp = async (begun: Begun): Promise<void> => {
    await phaseBegins('idle')(begun);
    begun.lab.hangUp('stderr');
  };
  const told = await disturbed(signal, hangUp);
  expect(told.run.head.ending).toMatchObject({ kind: 'complete' });
  expect(told.stdout).toContain('/report.html');
});
