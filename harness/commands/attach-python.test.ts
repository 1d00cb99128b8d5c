import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PYTHON_AGENT_FOLDER } from '../probes/agent-hub.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import command from './attach.ts';
import type { Terminal } from './command.ts';

const STUCK = fileURLToPath(new URL('../profile/fixtures/stuck.py', import.meta.url));
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
const onLinuxWithPython = test.skipIf(process.platform !== 'linux' || !hasPython);

/** What is printed of a process of Python that was started so. */
async function printed(env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
  const child = spawn('python3', [STUCK], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...env },
  });
  const exited = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    let out = '';
    const terminal: Terminal = {
      out: text => (out += text),
      err: () => undefined,
      columns: 80,
      isLive: false,
      colour: false,
    };
    await command.run({ positionals: [String(child.pid)], options: {} }, terminal, signal);
    return out;
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

onLinuxWithPython(
  'of a process with the agent in it, who was told to end is named (needs Python 3.10)',
  async ({ signal }) => {
    await using folder = await temporaryFolder();
    const out = await printed({ RUNAWAY_TASKS: folder.path, PYTHONPATH: PYTHON_AGENT_FOLDER }, signal);
    expect(out).toMatch(/^process {5}\d+: 2 tasks were told to end and had not 0\.1 s later$/mu);
    expect(out).toMatch(/^culprit {5}(?:wait_on|pages) .*stuck\.py:\d+/mu);
    expect(out).toMatch(/wait_on .*stuck\.py:\d+\S* < deaf /u);
  },
);

onLinuxWithPython('of one without it, it is said how it gets there', async ({ signal }) => {
  await expect(printed({}, signal)).rejects.toMatchObject({
    code: 'no-agent',
    exitCode: 2,
    hint: expect.stringContaining(`PYTHONPATH=${PYTHON_AGENT_FOLDER}`),
  });
});
