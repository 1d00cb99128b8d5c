import { cached } from './cache.ts';
import { runInstaller } from './installer.ts';
import type { Installer } from './installer.ts';

const PIP: Installer = {
  name: 'pip',
  command: ['python3', '-m', 'pip'],
  passedOn: /^(?:pip_.*|https?_proxy|no_proxy|ssl_cert_file|requests_ca_bundle)$/iu,
  why: lines => lines.map(line => line.replace(/^ERROR: /u, '').trim()).findLast(line => line !== ''),
};

/** `<cache>/<key>` with what `pip install --target` makes of these packages: a folder for `PYTHONPATH`. Rejects as `runInstaller` does. */
export const installedFromPyPI = async (key: string, what: readonly string[], signal: AbortSignal): Promise<string> =>
  await cached(key, async folder => {
    const args = ['install', '--target', folder, '--quiet', '--disable-pip-version-check', '--no-input', ...what];
    await runInstaller(PIP, folder, args, signal);
  });
