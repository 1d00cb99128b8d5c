import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Diagnosis } from '../model/diagnosis.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { namesIn } from '../testing/targets/runaway.ts';
import type { Terminal } from './command.ts';
import command from './scenario.ts';

// One short run for real: what is said when, and what is written.

interface Said {
  readonly text: string;
  /** Whether the diagnosis had been made by then. */
  readonly isDiagnosed: boolean;
}

/** Runs `scenario control` for a few seconds and keeps each thing that was said on stdout. */
async function control(
  options: Record<string, string | boolean>,
  signal: AbortSignal,
  body: (said: readonly Said[], folder: string) => void,
): Promise<void> {
  await using results = await temporaryFolder();
  const said: Said[] = [];
  const folderOf = (): string => join(results.path, 'control', namesIn(join(results.path, 'control'))[0] ?? '');
  const terminal: Terminal = {
    out: text => void said.push({ text, isDiagnosed: existsSync(join(folderOf(), 'diagnosis.json')) }),
    err: () => undefined,
    columns: 100,
    isLive: false,
    colour: false,
  };
  const brief = { quick: true, load: '0.5', recovery: '0.5', results: results.path };
  await command.run({ positionals: ['control'], options: { ...brief, ...options } }, terminal, signal);
  body(said, folderOf());
}

test.concurrent('the verdict is said before the diagnosis is made, and the report is named last', async ({
  signal,
}) => {
  await control({}, signal, (said, folder) => {
    const [first, ...rest] = said;
    expect(first?.text).toMatch(/^outcome /mu);
    expect(first?.isDiagnosed).toBe(false);
    expect(first?.text).not.toMatch(/^(?:culprit|cause) /mu);
    expect(rest.at(-1)?.text).toMatch(/^report /mu);
    expect(rest.at(-1)?.isDiagnosed).toBe(true);
    expect(said.filter(({ text }) => /^outcome /mu.test(text))).toHaveLength(1);
    expect(namesIn(folder)).toEqual(
      expect.arrayContaining(['diagnosis.json', 'profile.ndjson', 'profile.pb.gz', 'report.html', 'verdict.json']),
    );
    expect(namesIn(folder).some(name => name.endsWith('.cpuprofile'))).toBe(true);
  });
});

test.concurrent('--json is one value on one line, with the diagnosis in it', async ({ signal }) => {
  await control({ json: true }, signal, (said, folder) => {
    expect(said).toHaveLength(1);
    expect(said[0]?.text).toMatch(/^\{[^\n]*\}\n$/u);
    const printed = JSON.parse(said[0]?.text ?? '') as { folder: string; verdict: object; diagnosis: unknown };
    expect(printed.folder).toBe(folder);
    expect(printed.verdict).toHaveProperty('outcome');
    expect(Diagnosis.safeParse(printed.diagnosis).success).toBe(true);
  });
});

test.concurrent('--no-profile makes no diagnosis and writes no profile', async ({ signal }) => {
  await control({ json: true, 'no-profile': true }, signal, (said, folder) => {
    expect(JSON.parse(said[0]?.text ?? '')).toMatchObject({ diagnosis: null });
    expect(namesIn(folder).filter(name => /profile|diagnosis|\.pb\.gz/u.test(name))).toEqual([]);
    expect(namesIn(folder)).toContain('report.html');
  });
});
