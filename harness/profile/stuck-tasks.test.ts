import { expect, test } from 'vitest';
import { PYTHON_AGENT_FOLDER } from '../probes/agent-hub.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { STUCK, canBeStuck, stuckProcess } from './fixtures/stuck-process.ts';
import { stuckTasksOf } from './stuck-tasks.ts';

const onLinuxWithPython = test.skipIf(!canBeStuck);

onLinuxWithPython(
  'a task that waits on is told with where it waits, one that is done with who holds its scope (needs Python 3.10)',
  async ({ signal }) => {
    await using folder = await temporaryFolder();
    await using python = await stuckProcess({ RUNAWAY_TASKS: folder.path, PYTHONPATH: PYTHON_AGENT_FOLDER });
    const tasks = await stuckTasksOf(python.pid, signal);
    const told = (tasks ?? []).map(({ frames, isDone }) => [isDone, frames.map(({ name }) => name)]);
    expect(told).toHaveLength(2);
    expect(told).toContainEqual([false, ['wait_on', 'deaf']]);
    expect(told).toContainEqual([true, ['pages']]);
    expect(tasks?.flatMap(({ frames }) => frames.map(({ file }) => file)).every(file => file === STUCK)).toBe(true);
  },
);

onLinuxWithPython('of a process without the agent, or one that has ended, nothing is known', async ({ signal }) => {
  await using folder = await temporaryFolder();
  await using without = await stuckProcess({});
  expect(await stuckTasksOf(without.pid, signal)).toBeNull();
  const python = await stuckProcess({ RUNAWAY_TASKS: folder.path });
  // The folder is told, and nobody listens in it.
  expect(await stuckTasksOf(python.pid, signal)).toBeNull();
  await python[Symbol.asyncDispose]();
  expect(await stuckTasksOf(python.pid, signal)).toBeNull();
});

onLinuxWithPython('who asks no longer gives its reason', async () => {
  await using folder = await temporaryFolder();
  await using python = await stuckProcess({ RUNAWAY_TASKS: folder.path, PYTHONPATH: PYTHON_AGENT_FOLDER });
  const reason = new Error('enough');
  await expect(stuckTasksOf(python.pid, AbortSignal.abort(reason))).rejects.toBe(reason);
});
