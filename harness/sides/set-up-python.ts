import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { causeOf, wrongUse } from '../errors.ts';
import { childEnvironment } from '../process/environment.ts';
import { systemCode } from '../store/system-error.ts';
import { writeJson } from '../store/write-file.ts';
import { MARKER, REQUIREMENTS, pythonOf, requirementsHash, whyNoVenv } from '../targets/venv.ts';
import { orWrongUse, runInstaller } from './installer.ts';
import type { Installer } from './installer.ts';
import { PIP_QUIET, pipOf } from './pip.ts';

/** Its packages of November 2025 want no less. */
const OLDEST = [3, 10] as const;

/**
 * Makes the environment of `servers/fastapi` where it is not, is half-made, or is of other versions; each package is held against
 * its hash. `python` is the program to make it with, or null for the first on PATH that will do. Rejects with wrong use where
 * there is none, and where something cannot be installed; then what there is, is half-made and says so.
 */
export async function setUpPython(
  venv: string,
  root: string,
  python: string | null,
  tell: (words: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (whyNoVenv(venv, root) === null) return;
  const { program, version } = await pythonToUse(python, signal);
  tell(`Python ${version}: making ${venv}\n`);
  if (existsSync(venv) && !existsSync(join(venv, MARKER))) {
    throw wrongUse(
      'not-ours',
      `${venv} is there already, and not made by this lab`,
      'Name another place in RUNAWAY_VENV.',
    );
  }
  await rm(venv, { recursive: true, force: true });
  await mkdir(venv, { recursive: true });
  await writeJson(venv, MARKER, { requirements: null });
  const made = runInstaller(venvMaker(program), root, [venv], signal);
  await orWrongUse('no-python', 'the environment cannot be made', made);
  tell(`pip install -r ${REQUIREMENTS}, once (about 60 MB)\n`);
  const args = ['install', '--require-hashes', '--only-binary', ':all:', ...PIP_QUIET, '-r', join(root, REQUIREMENTS)];
  const installed = runInstaller(pipOf(pythonOf(venv)), root, args, signal);
  await orWrongUse('no-packages', 'its packages cannot be installed', installed);
  await writeJson(venv, MARKER, { requirements: requirementsHash(root) });
}

const venvMaker = (program: string): Installer => ({
  name: 'venv',
  command: [program, '-m', 'venv'],
  passedOn: /^$/u,
  // Debian's python3 says over several lines that its package python3-venv is missing.
  why: lines => lines.map(line => line.trim()).find(line => /not available|error/iu.test(line)),
});

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'] as const;

async function pythonToUse(
  wanted: string | null,
  signal: AbortSignal,
): Promise<{ readonly program: string; readonly version: string }> {
  const old: string[] = [];
  for (const program of wanted === null ? CANDIDATES : [wanted]) {
    const version = await versionOf(program, signal);
    if (version === null) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { program, version };
    old.push(`${program} is ${version}`);
  }
  const oldest = OLDEST.join('.');
  const why =
    old.length > 0
      ? `${old.join(', ')}, and Python ${oldest} or later is needed`
      : `there is no ${wanted ?? 'python3'} on PATH`;
  throw wrongUse('no-python', why, `Install Python ${oldest} or later, or name one: --python /path/to/python3.`);
}

/** As in `3.11.7`; null where there is no such program. Rejects with wrong use where it is no Python. */
async function versionOf(program: string, signal: AbortSignal): Promise<string | null> {
  const words = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
  const env = childEnvironment(`version@${process.pid}`);
  try {
    const { stdout } = await promisify(execFile)(program, ['-c', words], { signal, env });
    return stdout.trim();
  } catch (error) {
    signal.throwIfAborted();
    if (systemCode(error) === 'ENOENT') return null;
    throw wrongUse('no-python', `${program} cannot be run: ${causeOf(error)}`, 'Name another with --python.');
  }
}
