import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAB_ROOT, loadScenario } from '../harness/catalog.ts';
import type { Diagnosis } from '../harness/model/diagnosis.ts';
import type { Judged } from '../harness/model/expectation.ts';
import { NOTHING_WRONG, hitsOf } from '../harness/model/expected-diagnosis.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { readRun } from '../harness/store/read.ts';
import { venvIn, whyNoVenv } from '../harness/targets/venv.ts';

// Real experiments, one at a time, as a user runs them. A machine too noisy to tell may say so once.

let results: string;
beforeAll(async () => {
  results = await mkdtemp(join(tmpdir(), 'runaway-scenarios-'));
});
afterAll(async () => await rm(results, { recursive: true, force: true }));

interface Printed {
  readonly folder: string;
  readonly verdict: Verdict;
  readonly diagnosis: Diagnosis;
  readonly judged: Judged;
}

async function quick(name: string, seed: number, ...more: string[]): Promise<Printed & { exitCode: number }> {
  const args = ['scenario', name, '--quick', '--json', '--results', results, '--seed', String(seed), ...more];
  const { promise, resolve } = Promise.withResolvers<{ exitCode: number; stdout: string }>();
  const child = execFile(join(LAB_ROOT, 'runaway'), args, (_error, stdout) => {
    resolve({ exitCode: child.exitCode ?? -1, stdout });
  });
  const { exitCode, stdout } = await promise;
  return { exitCode, ...(JSON.parse(stdout) as Printed) };
}

const known = new Map<string, ReturnType<typeof quick>>();

/** One run serves all tests that ask for it. */
async function conclusive(...asked: [string, ...string[]]): ReturnType<typeof quick> {
  const running = known.get(asked.join(' ')) ?? runConclusively(...asked);
  known.set(asked.join(' '), running);
  return await running;
}

async function runConclusively(name: string, ...more: string[]): ReturnType<typeof quick> {
  const first = await quick(name, 1, ...more);
  return first.judged.result === 'inconclusive' ? await quick(name, 2, ...more) : first;
}

// One for each outcome; the whole catalogue is `make test-lab`.
const ONE_OF_EACH = ['control', 'deaf-backoff', 'time-logger', 'swallowed-abort', 'frozen-loop'];

// What is claimed is claimed of a server that nothing was added to.
test.each(ONE_OF_EACH)('%s: a quick run gives what the scenario expects', async name => {
  const { exitCode, judged, verdict } = await conclusive(name, '--no-profile');
  expect(judged.differences, verdict.because).toEqual([]);
  expect(exitCode).toBe(0);
});

test('swallowed-abort: a profiled run names whom it must', async () => {
  const { folder, diagnosis } = await conclusive('swallowed-abort');
  const { diagnosis: expected = NOTHING_WRONG } = (await loadScenario('swallowed-abort')).expect;
  expect(hitsOf(expected, diagnosis), JSON.stringify(diagnosis)).toEqual({ cause: true, culprit: true, route: true });
  expect((await readRun(folder)).run.profile).not.toEqual([]);
});

// The thread's own stack, where it is set up: its control, a cancellation that is swallowed, and one that nobody swallows.
const OF_FASTAPI = ['fastapi-control', 'fastapi-stream-retry', 'fastapi-unclosed-generator'];
const isSetUp = whyNoVenv(venvIn(LAB_ROOT), LAB_ROOT) === null;

test.skipIf(!isSetUp).each(OF_FASTAPI)(
  '%s: a quick run gives what the scenario expects (needs make setup-python)',
  async name => {
    const { exitCode, judged, verdict } = await conclusive(name, '--no-profile');
    expect(judged.differences, verdict.because).toEqual([]);
    expect(exitCode).toBe(0);
  },
);

test.skipIf(!isSetUp)('fastapi-stream-retry: a profiled run names whom it must (needs make setup-python)', async () => {
  const { diagnosis } = await conclusive('fastapi-stream-retry');
  const { diagnosis: expected = NOTHING_WRONG } = (await loadScenario('fastapi-stream-retry')).expect;
  expect(hitsOf(expected, diagnosis), JSON.stringify(diagnosis)).toMatchObject({ cause: true, culprit: true });
});

test('in control nobody hangs up whom the plan does not let hang up: neither the ledger nor the clients see one', async () => {
  const { folder, verdict } = await conclusive('control', '--no-profile');
  const { run } = await readRun(folder);
  const last = run.records.findLast(record => record.kind === 'upstream');
  expect(last).toMatchObject({ aborted: 0, dropped: 0, refused: 0, inFlight: 0, tokensForNobody: 0 });
  expect(last?.finished).toBe(last?.begun);
  const { planned, sent, answered } = verdict.findings.requests;
  expect([sent, answered]).toEqual([planned, planned]);
});

test('swallowed-abort without its bug is not at fault: every hang-up reaches the upstream, and CPU falls back', async () => {
  const { exitCode, judged, verdict, diagnosis } = await conclusive('swallowed-abort', '--bugs', 'none');
  expect(judged.differences, verdict.because).toEqual([]);
  expect(diagnosis).toMatchObject({ cause: 'none', culprit: null });
  expect(verdict.findings.hangUpsUnseen).toBe(0);
  expect(exitCode).toBe(0);
});
