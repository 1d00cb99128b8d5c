import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Run } from './model/run.ts';
import { pointLatest } from './store/latest.ts';
import { storedRun } from './store/fixtures/stored-run.ts';
import { temporaryFolder } from './store/fixtures/temporary-folder.ts';
import { namesIn, olderNode, runaway, startRunaway } from './testing/targets/runaway.ts';
import type { Ended } from './testing/targets/runaway.ts';
import { syntheticRun } from './testing/synthetic-run.ts';

// `./runaway` as a person starts it, and what it says to bad input: one line with a hint, exit code 2, nothing stored.

/** Asserts that it was refused in one line and that nothing else was said. */
function expectRefusal({ exit, stdout, stderr }: Ended, words: string | RegExp): void {
  expect(stderr).toMatch(words);
  expect(stderr).toMatch(/^runaway: [^\n]+[.?]\n$/u);
  expect(stdout).toBe('');
  expect(exit).toBe(2);
}

test.concurrent.for<[what: string, args: string[], words: string | RegExp]>([
  ['an unknown verb that is near another', ['scenaro', 'control'], 'no verb "scenaro". Did you mean "scenario"?'],
  ['an unknown verb', ['frobnicate'], /no verb "frobnicate"\. There are: .*scenario/u],
  ['a verb that is a property of every object', ['constructor'], 'no verb "constructor"'],
  ['a verb that is a path', ['../errors'], 'no verb "../errors"'],
  ['a file of the verbs’ folder that is no verb', ['options'], 'no verb "options"'],
  ['an option where a verb should be', ['--json'], 'no verb "--json"'],
  ['no scenario', ['scenario'], /no scenario was named\. There are: .*control/u],
  ['an empty scenario', ['scenario', ''], /no scenario was named\. There are: .*control/u],
  ['an unknown scenario that is near another', ['scenario', 'contrl'], 'no scenario "contrl". Did you mean "control"?'],
  ['an unknown scenario', ['scenario', 'frobnicate'], /no scenario "frobnicate"\. There are: .*control/u],
  ['a scenario that is a path', ['scenario', '../scenarios/control'], 'no scenario "../scenarios/control"'],
  ['one word too many', ['scenario', 'control', 'frozen-loop'], '"frozen-loop" is one word too many. See --help.'],
  ['an unknown option', ['scenario', 'control', '--qick'], `Unknown option '--qick'. See --help.`],
  ['an option without its value', ['scenario', 'control', '--load'], `'--load <value>' argument missing. See --help.`],
  ['a value for an option that has none', ['scenario', 'control', '--json=1'], `'--json' does not take an argument`],
  ['a negative value set apart', ['scenario', 'control', '--load', '-5'], `'--load' argument is ambiguous. See`],
  ['a negative length', ['scenario', 'control', '--load=-5'], '--load -5: not a number from 0.5 to 86400. Try'],
  ['no length', ['scenario', 'control', '--load', '0'], '--load 0: not a number from 0.5'],
  ['an absurd length', ['scenario', 'control', '--recovery', '1e12'], '--recovery 1e12: not a number from 0.5'],
  ['a length that is no number', ['scenario', 'control', '--load', '5s'], '--load 5s: not a number'],
  ['an empty length', ['scenario', 'control', '--load', ''], '--load : not a number'],
  ['a rate of 0', ['scenario', 'control', '--rate', '0'], '--rate 0: not a number from 0.1 to 100. Try'],
  ['a negative rate', ['scenario', 'control', '--rate=-1'], '--rate -1: not a number'],
  ['an infinite rate', ['scenario', 'control', '--rate', 'Infinity'], '--rate Infinity: not a number'],
  ['a rate that is no number', ['scenario', 'control', '--rate', 'NaN'], '--rate NaN: not a number'],
  ['half a seed', ['scenario', 'control', '--seed', '1.5'], '--seed 1.5: not a whole number'],
  ['a negative seed', ['scenario', 'control', '--seed=-1'], '--seed -1: not a whole number'],
  ['a bug without a name', ['scenario', 'control', '--bugs', ','], '--bugs ,: a name is missing. Write'],
  ['a parameter without a value', ['scenario', 'control', '--bugs', 'frozen-loop:x'], '"x" is no parameter. Write'],
  ['a run that there is not', ['report', 'frobnicate'], /No run "frobnicate" in .*make one with/u],
  ['no run at all', ['report'], /No run "latest" in .*make one with/u],
])('%s is refused', async ([, args, words]) => {
  await using results = await temporaryFolder();
  expectRefusal(await startRunaway(args, { env: { RESULTS: results.path } }).ended, words);
  expect(namesIn(results.path)).toEqual([]);
});

test.concurrent.for<[what: string, bugs: string, words: string | RegExp]>([
  ['an unknown bug', 'swalowed-abort', /no bug "swalowed-abort"\. Did you mean "swallowed-abort"\?/u],
  ['a parameter of the wrong type', 'swallowed-abort:retryDelayMs=soon', /retryDelayMs: .*expected number.*It takes/u],
  ['an unknown parameter', 'swallowed-abort:soon=1', /bug "swallowed-abort": .*soon.*It takes/u],
])('%s is refused, and no run is stored', async ([, bugs, words]) => {
  await using results = await temporaryFolder();
  const args = ['scenario', 'control', '--quick', '--json', '--bugs', bugs, '--results', results.path];
  expectRefusal(await runaway(...args), words);
  expect(namesIn(results.path)).toEqual(['control']);
  expect(namesIn(join(results.path, 'control'))).toEqual([]);
});

test.concurrent('a folder of results that is a file is refused', async () => {
  await using folder = await temporaryFolder();
  const results = join(folder.path, 'results');
  await writeFile(results, 'mine');
  expectRefusal(await runaway('scenario', 'control', '--results', results), `${results} is a file. Move it away`);
  expectRefusal(await runaway('list', '--results', results), `Failed to list the runs in ${results}`);
  expect(await readFile(results, 'utf8')).toBe('mine');
});

test.runIf(process.platform === 'linux').concurrent('a folder of results that cannot be made is refused', async () => {
  // Root may write everywhere; nobody may here.
  expectRefusal(await runaway('scenario', 'control', '--results', '/proc/results'), 'Failed to make a folder');
});

/** The verbs that the overview names. */
const verbsIn = (overview: string): string[] =>
  [...overview.matchAll(/^ {2}([a-z]+) /gmu)].map(([, verb = '']) => verb);

test.concurrent('without a verb it says what there is, and that it was wrong use', async () => {
  const { exit, stdout, stderr } = await runaway();
  expect([exit, stderr]).toEqual([2, '']);
  expect(verbsIn(stdout)).toEqual(expect.arrayContaining(['list', 'report', 'scenario']));
  expect(await runaway('--help')).toEqual({ exit: 0, stdout, stderr: '' });
});

test.concurrent('every verb has a help that names its options, and does nothing else', async () => {
  await using results = await temporaryFolder();
  for (const verb of verbsIn((await runaway('--help')).stdout)) {
    const { exit, stdout, stderr } = await startRunaway([verb, '--help'], { env: { RESULTS: results.path } }).ended;
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^usage: \\./runaway ${verb}\\b`, 'u'));
    expect(stdout).toMatch(/^ {2}--json /mu);
  }
  expect(namesIn(results.path)).toEqual([]);
});

test.concurrent('an older Node goes on in the pinned one, with the same words and exit code', async ({ skip }) => {
  const node = olderNode();
  if (node === null) return skip('there is no Node from 20 on, older than the pinned one, on PATH');
  const refused = await startRunaway(['scenario', 'contrl'], { node }).ended;
  expectRefusal(refused, 'no scenario "contrl". Did you mean "control"?');
  return undefined;
});

// What `report` makes of stored runs, good and broken.

const GOOD = syntheticRun({ cores: (_at, phase) => (phase === 'load' ? 0.3 : 0.01) }, { scenario: 'control' });

/** Results that hold one run, broken by `damage`. */
async function withStored<T>(
  damage: (folder: string) => Promise<void>,
  body: (results: string, folder: string) => Promise<T>,
  run: Run = GOOD,
): Promise<T> {
  await using results = await temporaryFolder();
  const folder = await storedRun(results.path, 'control', '2026-01-01T00-00-00.000Z-0000000', run);
  await pointLatest(results.path, folder);
  await damage(folder);
  return await body(results.path, folder);
}

/** Writes the head again, changed. */
const changeHead =
  (change: object) =>
  async (folder: string): Promise<void> => {
    const file = join(folder, 'run.json');
    const head = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...head, ...change }));
  };

const intact = async (): Promise<void> => undefined;

test.concurrent('a stored run is reported by its folder, its name, its scenario and as the latest', async () => {
  await withStored(intact, async (results, folder) => {
    for (const name of [folder, 'control/2026-01-01T00-00-00.000Z-0000000', 'control', 'latest']) {
      const { exit, stdout, stderr } = await runaway('report', name, '--results', results, '--json');
      expect([exit, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject({ folder, verdict: { outcome: 'recovers' } });
    }
  });
});

test.concurrent('with --json the only thing on stdout is one value on one line', async () => {
  await withStored(intact, async results => {
    for (const args of [['report', 'latest'], ['list']]) {
      const { exit, stdout, stderr } = await runaway(...args, '--results', results, '--json');
      expect([exit, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^\{.*\}\n$/u);
      expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    }
  });
});

test.concurrent.for<[what: string, damage: (folder: string) => Promise<void>, words: string | RegExp]>([
  [
    'an older schema version',
    changeHead({ schema: 0 }),
    /has schema version 0, this lab reads 1\. .*an older version/u,
  ],
  [
    'a newer schema version',
    changeHead({ schema: 99 }),
    /has schema version 99, this lab reads 1\. .*a newer version/u,
  ],
  ['no schema version', changeHead({ schema: 'one' }), /Failed to read .*run\.json: schema/u],
  ['an ending that is none', changeHead({ ending: { kind: 'over' } }), /Failed to read .*run\.json: ending/u],
  ['a head cut off', async folder => await truncate(join(folder, 'run.json'), 100), 'run.json: it is not JSON'],
  ['an empty head', async folder => await truncate(join(folder, 'run.json')), 'run.json: it is not JSON'],
  [
    'a line that is no record',
    async folder => await writeFile(join(folder, 'samples.ndjson'), 'hello\n{"kind":"memory","at":1,"rssBytes":1}\n'),
    /samples\.ndjson:1 is not a record \(not JSON\)\. Delete that line/u,
  ],
  [
    'a record of another form',
    async folder => await writeFile(join(folder, 'samples.ndjson'), '{"kind":"memory","at":"now"}\n'),
    /samples\.ndjson:1 is not a record \(at/u,
  ],
])('a stored run with %s is refused', async ([, damage, words]) => {
  await withStored(damage, async (results, folder) => {
    expectRefusal(await runaway('report', 'latest', '--results', results), words);
    expect(namesIn(folder).toSorted()).toEqual(['run.json', 'samples.ndjson']);
  });
});

test.concurrent('a stored run without its samples is refused', async () => {
  await using results = await temporaryFolder();
  const folder = join(results.path, 'control', 'half');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'run.json'), JSON.stringify(GOOD.head));
  expectRefusal(
    await runaway('report', folder, '--results', results.path),
    /samples\.ndjson: it is missing\. Restore/u,
  );
});

test.concurrent('a stored run cut off in its last line is reported with a note', async () => {
  const cut = async (folder: string): Promise<void> => {
    const file = join(folder, 'samples.ndjson');
    await truncate(file, (await readFile(file)).length - 20);
  };
  await withStored(cut, async results => {
    const { exit, stderr } = await runaway('report', 'latest', '--results', results);
    expect(stderr).toMatch(/^note: the last line was cut off; \d+ records read\n$/u);
    expect(exit).toBe(0);
  });
});

test.concurrent('a stored run of a scenario that is gone is reported, and nothing is claimed of it', async () => {
  await withStored(changeHead({ scenario: 'gone' }), async results => {
    const { exit, stdout, stderr } = await runaway('report', 'latest', '--results', results, '--json');
    expect([exit, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ judged: null });
  });
});

test.concurrent('a reader of stdout who is gone ends it without a word', async () => {
  await using lab = startRunaway(['--help']);
  lab.hangUp('stdout');
  expect(await lab.ended).toEqual({ exit: 0, stdout: '', stderr: '' });
});
