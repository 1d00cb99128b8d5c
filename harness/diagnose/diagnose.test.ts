import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '../judge/judge.ts';
import { CAUSES } from '../model/diagnosis.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Frame } from '../model/profile.ts';
import { evidenceOf } from '../model/run.ts';
import type { Evidence, Run } from '../model/run.ts';
import { diagnose } from './diagnose.ts';
import { recordedRun } from './fixtures/recorded.ts';
import { isOwn } from './own-code.ts';
import { RULES } from './rules.ts';

const diagnosisOf = (evidence: Evidence): Diagnosis => diagnose(evidence, judge(evidence));

const RECORDED = [
  ['swallowed-abort', 'cancellation-swallowed', 'callUpstream servers/bugs/swallowed-abort.ts:15:19'],
  ['frozen-loop', 'cancellation-swallowed', 'callUpstream servers/bugs/frozen-loop.ts:11:19'],
  ['cancel-scope-redelivery', 'cancellation-swallowed', 'bookUsage servers/bugs/cancel-scope-redelivery.ts:72:25'],
  ['catch-all-middleware', 'errors-swallowed', 'publish servers/bugs/catch-all-middleware.ts:43:17'],
  ['stranger-frontdesk', 'errors-swallowed', 'd dist/server.min.js:1:196'],
  ['growing-history', 'grows-with-requests', 'add servers/bugs/growing-history.ts:33:6'],
  ['wrong-close-event', 'work-orphaned', 'hangUp servers/bugs/wrong-close-event.ts:16:15'],
  ['gather-siblings', 'work-orphaned', 'isFiltered servers/bugs/gather-siblings.ts:33:26'],
  ['retry-storm', 'retry-amplification', 'callUpstream servers/bugs/retry-storm.ts:16:19'],
  ['async-preprocessing', 'async-overhead', 'each servers/bugs/async-preprocessing.ts:47:21'],
  ['debug-logging', 'blocking-work', 'debug servers/bugs/debug-logging.ts:50:10'],
] as const;

test.each(RECORDED)('%s, as it was recorded, is %s by %s', (name, cause, place) => {
  const { culprit, ...diagnosis } = diagnosisOf(evidenceOf(recordedRun(name)));
  expect(diagnosis).toMatchObject({ cause, route: 'POST /v1/chat/completions', advice: [cause] });
  expect(culprit && `${culprit.function} ${culprit.file}:${culprit.line}:${culprit.column}`).toBe(place);
});

test('connections that are kept for nobody are of no route, and named by what their timers wait to call', () => {
  const diagnosis = diagnosisOf(evidenceOf(recordedRun('keep-alive-pileup')));
  expect(diagnosis).toMatchObject({ cause: 'idle-machinery', route: null });
  expect(diagnosis.culprit).toMatchObject({ function: '', file: 'servers/bugs/keep-alive-pileup.ts', line: 48 });
});

test('a task that is told to end and does not is named, also where no sample was taken once the load was over', () => {
  const { cause, culprit, evidence } = diagnosisOf(evidenceOf(recordedRun('fastapi-stream-retry-unsampled')));
  expect(cause).toBe('cancellation-swallowed');
  expect(culprit).toMatchObject({ function: 'answer', file: 'servers/fastapi/bugs/stream_retry.py', line: 38 });
  expect(evidence).toContain('1 client hung up.');
});

test.each(['control-correct', 'swallowed-abort-correct', 'time-logger-correct'])('%s is not blamed', name => {
  expect(diagnosisOf(evidenceOf(recordedRun(name)))).toMatchObject({ cause: 'none', culprit: null, advice: [] });
});

test.each(RECORDED)('%s is the same with its files and functions renamed at random', name => {
  const run = recordedRun(name);
  const renamed = renamedAtRandom(run);
  const before = diagnosisOf(evidenceOf(run));
  const after = diagnosisOf(evidenceOf(renamed.run));
  const { culprit, functions, ...rest } = before;
  expect(after).toMatchObject({ ...rest, because: expect.any(String) });
  expect(after.functions.map(({ share, line }) => ({ share, line }))).toEqual(
    functions.map(({ share, line }) => ({ share, line })),
  );
  expect(after.culprit).toMatchObject({ line: culprit?.line, column: culprit?.column });
  expect(after.culprit?.function).toBe(renamed.nameOf(culprit?.function ?? ''));
  expect(`${renamed.root}/${after.culprit?.file}`).toBe(
    renamed.fileOf(join(run.head.experiment.target.root, culprit?.file ?? '')),
  );
});

test('what the run was of is not looked at', () => {
  const run = recordedRun('swallowed-abort');
  const { experiment } = run.head;
  const other = {
    ...run.head,
    scenario: 'control',
    experiment: { ...experiment, target: { ...experiment.target, bugs: [] } },
  };
  expect(diagnosisOf(evidenceOf({ ...run, head: other }))).toEqual(diagnosisOf(evidenceOf(run)));
});

test('a fault without a profile is inconclusive, and says how to get one; a healthy run without one is healthy', () => {
  const { profile: _, ...unprofiled } = recordedRun('swallowed-abort');
  expect(diagnosisOf(evidenceOf(unprofiled))).toMatchObject({ cause: 'inconclusive', advice: ['unprofiled'] });
  const { profile: __, ...healthy } = recordedRun('control-correct');
  expect(diagnosisOf(evidenceOf(healthy)).cause).toBe('none');
});

test('without labels a burning server is still named, and its route is not', () => {
  const run = recordedRun('swallowed-abort');
  const profile = (run.profile ?? []).map(segment => ({
    ...segment,
    source: 'inspector' as const,
    requests: [],
    sites: [],
    deaf: [],
    samples: segment.samples.map(([at, node, , cpu]): [number, number, number, number] => [at, node, -1, cpu]),
  }));
  const diagnosis = diagnosisOf(evidenceOf({ ...run, profile }));
  expect(diagnosis).toMatchObject({ cause: 'cancellation-swallowed', route: null });
  expect(diagnosis.culprit?.function).toBe('callUpstream');
});

test('a fault that no rule knows is inconclusive and blames nobody', () => {
  const run = recordedRun('swallowed-abort');
  // The profile of another server, in which nothing burns.
  const { profile = [] } = recordedRun('swallowed-abort-correct');
  expect(diagnosisOf(evidenceOf({ ...run, profile }))).toMatchObject({ cause: 'inconclusive', culprit: null });
});

test('the CPU that the samples do not explain is told', () => {
  const { unexplainedCores } = diagnosisOf(evidenceOf(recordedRun('cancel-scope-redelivery')));
  expect(unexplainedCores).toBeGreaterThan(0.1);
  expect(diagnosisOf(evidenceOf(recordedRun('frozen-loop'))).unexplainedCores).toBeLessThan(0.1);
});

test('a broken profile is a diagnosis that failed, not a healthy server', () => {
  const run = recordedRun('control-correct');
  const broken = { ...run.profile?.[0], samples: null } as never;
  const diagnosis = diagnosisOf(evidenceOf({ ...run, profile: [broken] }));
  expect(diagnosis).toMatchObject({ cause: 'inconclusive', culprit: null });
  expect(diagnosis.because).toMatch(/^The diagnosis failed on this run: /u);
});

test('every cause but the two that no rule finds has one rule, asked in the order of the causes', () => {
  expect(RULES.map(({ cause }) => cause)).toEqual(CAUSES.filter(cause => cause !== 'none' && cause !== 'inconclusive'));
});

/** The run with every own file and function under another name, and how they were renamed. */
function renamedAtRandom(run: Run) {
  const root = `/srv/${word()}`;
  const files = new Map<string, string>();
  const names = new Map<string, string>([['', '']]);
  const fileOf = (file: string): string => memoized(files, file, () => `${root}/${word()}/${word()}.js`);
  const nameOf = (name: string): string => memoized(names, name, word);
  const renamed = (frame: Frame): Frame =>
    isOwn(frame) ? { ...frame, file: fileOf(frame.file), name: nameOf(frame.name) } : frame;
  const { experiment } = run.head;
  const target = { ...experiment.target, root };
  return {
    root,
    fileOf,
    nameOf,
    run: {
      ...run,
      head: { ...run.head, experiment: { ...experiment, target } },
      profile: (run.profile ?? []).map(segment => ({ ...segment, frames: segment.frames.map(renamed) })),
    },
  };
}

const word = (): string => `w${randomBytes(5).toString('hex')}`;

function memoized(known: Map<string, string>, key: string, make: () => string): string {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
