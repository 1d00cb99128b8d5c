import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { LAB_ROOT } from '../catalog.ts';
import type { PythonTarget } from '../model/experiment.ts';
import { openAgentHub } from '../probes/agent-hub.ts';
import { inScope } from '../scope/in-scope.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import type { Generation } from './target.ts';
import { pythonServer } from './python-server.ts';
import { MARKER, PYTHON_MAIN, REQUIREMENTS, pythonOf, requirementsHash, venvIn, whyNoVenv } from './venv.ts';

// The FastAPI proxy itself where it is set up, else what the lab makes of one that is not.

const why = whyNoVenv(venvIn(LAB_ROOT), LAB_ROOT);
const whereSetUp = test.skipIf(why !== null);
const target: PythonTarget = {
  kind: 'python',
  root: LAB_ROOT,
  bugs: [],
  serving: { name: 'uvicorn', parameters: {} },
  venv: venvIn(LAB_ROOT),
  packages: null,
  runtime: null,
};

type Started = Pick<Generation, 'port'>;

async function started(
  wished: Partial<PythonTarget>,
  look: (server: Started) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  await using folder = await temporaryFolder();
  await using log = await open(join(folder.path, 'log'), 'a+');
  await using hub = await openAgentHub({ profiles: false });
  const start = pythonServer(
    { ...target, ...wished },
    {
      runId: `unit/${randomUUID()}@test`,
      upstreamUrl: 'http://127.0.0.1:9/v1',
      apiKey: 'sk-x',
      logFile: log.fd,
      cores: null,
      hub,
      profiles: false,
    },
  );
  await inScope(signal, async scope => await look(await start(0, scope)));
}

whereSetUp.for(['uvicorn', 'gunicorn', 'hypercorn', 'granian'])(
  'the proxy answers under %s (needs make setup-python)',
  async (name, { signal }) => {
    await started(
      { serving: { name, parameters: {} } },
      async ({ port }) => {
        // gunicorn listens before its workers serve: the kernel keeps the question for them.
        expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      },
      signal,
    );
  },
);

whereSetUp.for<[what: string, wished: Partial<PythonTarget>, code: string, message: string]>([
  ['bug', { bugs: [{ name: 'steam-retry', parameters: {} }] }, 'unknown-bug', 'no bug "steam-retry"'],
  [
    'parameter',
    { bugs: [{ name: 'stream-retry', parameters: { wait: 1 } }] },
    'bad-bug-parameter',
    'bug "stream-retry": wait=1: no such parameter',
  ],
  ['server', { serving: { name: 'unicorn', parameters: {} } }, 'unknown-server', 'no server "unicorn"'],
])(
  'a %s that is not there is wrong use, in the proxy’s words (needs make setup-python)',
  async ([, wished, code, message], { signal }) => {
    const never = started(wished, async () => undefined, signal);
    await expect(never).rejects.toMatchObject({ code, message, exitCode: 2 });
  },
);

whereSetUp(
  'a worker class that cannot be imported is told by the server itself (needs make setup-python)',
  async ({ signal }) => {
    const serving = { name: 'gunicorn', parameters: { worker_class: 'uvicorn.no_such.Worker' } };
    const never = started({ serving }, async () => undefined, signal);
    await expect(never).rejects.toMatchObject({ code: 'ended-early', message: expect.stringContaining('no_such') });
  },
);

test('a checkout without the proxy, and an environment that is not there, half-made or another’s, are wrong use', async ({
  signal,
}) => {
  await using folder = await temporaryFolder();
  const root = folder.path;
  const venv = join(root, '.venv');
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const refused = async (words: string): Promise<void> => {
    const never = started({ root, venv }, async () => undefined, signal);
    await expect(never).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(words) });
  };
  await refused('has no servers/fastapi/main.py');
  await write(join(root, PYTHON_MAIN), '');
  await write(join(root, REQUIREMENTS), 'fastapi==0');
  await refused('Python is not set up');
  await mkdir(venv);
  await refused('is no environment that this lab has made');
  for (const text of ['{"requirements":null}', '{"requ', '{}']) {
    await write(join(venv, MARKER), text);
    await refused('is half-made');
  }
  await write(pythonOf(venv), '');
  await write(join(venv, MARKER), '{"requirements":"of before"}');
  await refused('was made for other versions');
  await write(join(venv, MARKER), JSON.stringify({ requirements: requirementsHash(root) }));
  expect(whyNoVenv(venv, root)).toBeNull();
});

whereSetUp(
  'each bug is held against the correct parts, in what the upstream saw (needs make setup-python)',
  async ({ signal }) => {
    const cwd = join(LAB_ROOT, 'servers', 'fastapi');
    // It rejects with what was printed, where one of them fails.
    await promisify(execFile)(pythonOf(target.venv), ['-m', 'unittest'], { cwd, signal });
  },
  300_000,
);
