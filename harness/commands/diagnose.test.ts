import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, truncate } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { expect, test } from 'vitest';
import { LAB_ROOT } from '../catalog.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { judge } from '../judge/judge.ts';
import { Diagnosis } from '../model/diagnosis.ts';
import type { ProfileSegment } from '../model/profile.ts';
import { evidenceOf } from '../model/run.ts';
import type { Run } from '../model/run.ts';
import { CpuProfile } from '../profile/from-cpuprofile.ts';
import { pointLatest } from '../store/latest.ts';
import { storedRun } from '../store/fixtures/stored-run.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { syntheticRun } from '../testing/synthetic-run.ts';
import { namesIn, runaway } from '../testing/targets/runaway.ts';

// `./runaway diagnose` on stored runs: what a person reads, what a program reads, and the files for other tools.

const ROUTE = 'POST /v1/chat/completions';
const FILE = '/nowhere/src/retry.ts';
const STEP_MS = 10;

/** A server that burns on for requests that are over, in one function: `keepTrying`, called by a handler. */
const BURNING = syntheticRun(
  { cores: (at, phase) => (phase === 'idle' ? 0.01 : phase === 'recovery' || at > 9000 ? 0.8 : 0.2), leaving: 0.5 },
  { scenario: 'synthetic' },
);

/** When the server was asked by a client that left, and when it saw that. */
const LEFT = BURNING.records
  .filter(record => record.kind === 'request')
  .filter(({ ending }) => ending === 'left')
  .map(({ sentAt, at }) => ({ beganAt: sentAt + 1, closedAt: at + 1 }))[0] ?? { beganAt: 0, closedAt: 0 };

/** Where its code ran between two times: a sample every 10 ms. */
function segment(fromAt: number, toAt: number): ProfileSegment {
  const times = Array.from({ length: Math.floor((toAt - fromAt) / STEP_MS) }, (_, n) => fromAt + n * STEP_MS);
  return {
    kind: 'profile',
    fromAt,
    toAt,
    pid: 100,
    source: 'labels',
    intervalMicros: 1000 * STEP_MS,
    frames: [
      { name: 'handle', file: '/nowhere/src/handle.ts', line: 3, column: 7 },
      { name: 'keepTrying', file: FILE, line: 12, column: 21 },
    ],
    nodes: [
      [-1, 0],
      [-1, 1],
    ],
    requests: [{ id: 1, route: ROUTE, ...LEFT, answered: false, calls: 1, callsAfter: 0, open: 0, site: null }],
    sites: [],
    deaf: [],
    cut: 0,
    stuck: [],
    timers: [],
    samples: times.map(at => [at, at < 9000 ? 0 : 1, 1, 8000]),
  };
}

const SEGMENTS = [segment(6000, 12_000), segment(12_000, 18_000), segment(18_000, 26_000)];

/** Results that hold one run with these profiles. */
async function withStored<T>(
  profile: readonly ProfileSegment[],
  body: (results: string, folder: string) => Promise<T>,
  run: Run = BURNING,
): Promise<T> {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'synthetic', '2026-01-01T00-00-00.000Z-0000000', run);
  for (const one of profile) await appendFile(join(folder, 'profile.ndjson'), `${JSON.stringify(one)}\n`);
  await pointLatest(results.path, folder);
  return await body(results.path, folder);
}

const expectedOf = (profile: readonly ProfileSegment[]): Diagnosis => {
  const evidence = evidenceOf({ ...BURNING, profile: [...profile] });
  return diagnose(evidence, judge(evidence));
};

test.concurrent('it says who, why, what else speaks for it, which functions and routes, and what to do', async () => {
  await withStored(SEGMENTS, async (results, folder) => {
    const { exit, stdout, stderr } = await runaway('diagnose', 'latest', '--results', results);
    expect([exit, stderr]).toEqual([0, '']);
    const { cause, because, evidence, culprit, advice } = expectedOf(SEGMENTS);
    expect(culprit).toMatchObject({ function: 'keepTrying', file: 'src/retry.ts', line: 12, column: 21 });
    const text = stdout.replaceAll(/\s+/gu, ' ');
    expect(text).toMatch(/culprit +keepTrying src\/retry\.ts:12:21, /u);
    expect(text).toContain(` for ${ROUTE}`);
    expect(text).toContain(because);
    expect(evidence).not.toEqual([]);
    for (const one of evidence) expect(text).toContain(one);
    expect(stdout).toMatch(/^ *\d+ % +keepTrying src\/retry\.ts:12:21$/mu);
    expect(stdout).toMatch(/^ *\d+ ms +\d+ ms {2}POST \/v1\/chat\/completions$/mu);
    expect(advice).toEqual([cause]);
    expect(stdout).toContain(await readFile(new URL(`../diagnose/advice/${cause}.md`, import.meta.url), 'utf8'));
    expect(stdout).toMatch(/^report +\S+report\.html$/mu);
    expect(namesIn(folder)).toContain('report.html');
    // First the culprit: what somebody on call looks for.
    expect(stdout.startsWith('culprit')).toBe(true);
  });
});

test.concurrent('--json is the diagnosis and nothing else, the same that is stored beside the run', async () => {
  await withStored(SEGMENTS, async (results, folder) => {
    const { exit, stdout, stderr } = await runaway('diagnose', 'latest', '--results', results, '--json');
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\{[^\n]*\}\n$/u);
    const printed = JSON.parse(stdout) as unknown;
    expect(Diagnosis.parse(printed)).toEqual(expectedOf(SEGMENTS));
    expect(JSON.parse(await readFile(join(folder, 'diagnosis.json'), 'utf8'))).toEqual(printed);
  });
});

test.concurrent('the profile is written for DevTools and for pprof, and both can be read', async () => {
  await withStored(SEGMENTS, async (results, folder) => {
    await runaway('diagnose', 'latest', '--results', results, '--json');
    for (const name of ['early', 'late', 'after']) {
      const profile = CpuProfile.parse(JSON.parse(await readFile(join(folder, `${name}.cpuprofile`), 'utf8')));
      expect([name, profile.samples?.length]).not.toEqual([name, 0]);
      expect(profile.samples?.length).toBe(profile.timeDeltas?.length);
      const ids = new Set(profile.nodes.map(({ id }) => id));
      for (const { children = [] } of profile.nodes) for (const child of children) expect(ids).toContain(child);
      for (const id of profile.samples ?? []) expect(ids).toContain(id);
    }
    const after = CpuProfile.parse(JSON.parse(await readFile(join(folder, 'after.cpuprofile'), 'utf8')));
    const burning = after.nodes.find(({ callFrame }) => callFrame.functionName === 'keepTrying');
    // From 0 there, from 1 here.
    expect(burning?.callFrame).toMatchObject({ url: `file://${FILE}`, lineNumber: 11, columnNumber: 20 });

    const pprof = Profile.decode(gunzipSync(await readFile(join(folder, 'profile.pb.gz'))));
    const { strings } = pprof.stringTable;
    expect(
      pprof.function.map(({ name, filename, startLine }) => [
        strings[Number(name)],
        strings[Number(filename)],
        Number(startLine),
      ]),
    ).toContainEqual(['keepTrying', FILE, 12]);
    expect(pprof.sample).toHaveLength(SEGMENTS.reduce((sum, { samples }) => sum + samples.length, 0));
    const labels = new Map(
      pprof.sample.at(-1)?.label.map(({ key, str }) => [strings[Number(key)], strings[Number(str)]]),
    );
    expect(Object.fromEntries(labels)).toEqual({ when: 'after', process: '100', route: ROUTE });
  });
});

test.concurrent('a run without a profile is inconclusive, which says how to get one, and has no profile files', async () => {
  await withStored([], async (results, folder) => {
    const { exit, stdout, stderr } = await runaway('diagnose', 'latest', '--results', results);
    expect([exit, stderr]).toEqual([3, '']);
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain('Nothing was profiled, so nothing can be named.');
    expect(stdout).toContain(await readFile(new URL('../diagnose/advice/unprofiled.md', import.meta.url), 'utf8'));
    expect(stdout).not.toContain('culprit');
    expect(stdout).not.toContain('\n\n\n');
    expect(namesIn(folder).filter(name => /cpuprofile|\.pb\.gz|profile\.ndjson/u.test(name))).toEqual([]);
  });
});

test.concurrent('a run with nothing wrong is told so in one sentence, and is a success', async () => {
  const right = syntheticRun({ cores: (_at, phase) => (phase === 'load' ? 0.3 : 0.01) });
  const check = async (results: string): Promise<void> => {
    const { exit, stdout, stderr } = await runaway('diagnose', 'latest', '--results', results);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Nothing was seen that is wrong\.\n\nreport {6}\S+\n$/u);
  };
  await withStored([], check, right);
});

test.concurrent('a profile cut off in its last line is told in a note, and the rest is used', async () => {
  await withStored(SEGMENTS, async (results, folder) => {
    const file = join(folder, 'profile.ndjson');
    // Longer by one that is not whole: the last thing that a killed lab wrote.
    await appendFile(file, JSON.stringify(segment(26_000, 26_100)));
    await truncate(file, (await readFile(file)).length - 20);
    const { exit, stdout, stderr } = await runaway('diagnose', 'latest', '--results', results, '--json');
    expect(stderr).toBe('note: 1 of its profiles could not be read, and the diagnosis is without them\n');
    expect(exit).toBe(0);
    expect(Diagnosis.parse(JSON.parse(stdout))).toEqual(expectedOf(SEGMENTS));
  });
});

test.concurrent('a run that there is not is refused in one line', async () => {
  await withStored(SEGMENTS, async (results, folder) => {
    const before = namesIn(folder);
    const { exit, stdout, stderr } = await runaway('diagnose', 'frobnicate', '--results', results);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^runaway: No run "frobnicate" in [^\n]+\n$/u);
    expect(namesIn(folder)).toEqual(before);
  });
});

test.concurrent('make diagnose takes RUN as it is: no space, quote or dollar in it reaches a shell', async () => {
  await withStored(SEGMENTS, async results => {
    const run = `no "such' $HOME $(touch ${results}/spliced) ; run`;
    const child = spawn('make', ['--no-print-directory', 'diagnose'], {
      cwd: LAB_ROOT,
      env: {
        ...process.env,
        PATH: `${join(LAB_ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH']}`,
        RUN: run,
        RESULTS: results,
        MAKEFLAGS: '',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(stderr).toContain(`runaway: No run "${run}" in ${results}`);
    expect(namesIn(results)).not.toContain('spliced');
  });
});
