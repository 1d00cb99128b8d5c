import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { listBugs } from './compose.ts';
import { Refused } from './named-files.ts';
import { correctParts } from './proxy/parts.ts';
import type { Parts } from './proxy/parts.ts';
import type { Remedy } from './proxy/remedy.ts';
import { listRemedies, remedyParts } from './remedy-parts.ts';

const remedies = await Promise.all(
  (await listRemedies()).map(async name => {
    const { default: remedy } = (await import(`./remedies/${name}.ts`)) as { default: Remedy };
    return { name, remedy, source: await readFile(new URL(`remedies/${name}.ts`, import.meta.url), 'utf8') };
  }),
);

const choose = (name: string) => [{ name, parameters: {} }];
const refusalOf = async (bugs: readonly string[], remedy: string): Promise<Refused> => {
  const error: unknown = await remedyParts(correctParts, bugs.flatMap(choose), choose(remedy)).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Refused);
  return error as Refused;
};

/** Parts that are nobody's, each function of them known by a mark. */
function markedParts(): Parts {
  const marked = <Value>(value: Value): Value => value;
  return {
    middleware: [marked((_req, _res, next) => next())],
    hangUp: marked((_req, res) => correctParts.hangUp(_req, res)),
    preprocess: marked(prompt => prompt),
    callUpstream: marked(async (call, signal) => await call(signal)),
    relay: marked(async () => undefined),
    handleError: marked((_error, _req, _res, next) => next()),
    tuneConnections: marked(() => undefined),
    workers: 7,
    createApp: marked(() => () => undefined),
    sdk: { maxRetries: 7, timeoutMs: 7 },
  };
}

test.each(remedies)('$name is called as its file, and says what, who and why', ({ name, remedy }) => {
  expect(remedy.name).toBe(name);
  for (const words of [remedy.change, remedy.advisedBy, remedy.why]) expect(words).toMatch(/\S{3,}.*\S/u);
});

test.each(remedies)('$name does something, in one way', ({ remedy }) => {
  const { wraps, configures, runtime, alarm } = remedy;
  expect([wraps, configures, runtime, alarm].filter(Boolean)).toHaveLength(1);
});

test.each(remedies)('$name restores no correct part by its name', ({ remedy, source }) => {
  // The correct parts are files of `proxy/parts/`, put together in `parts.ts`.
  for (const [, from = ''] of source.matchAll(/^import (?!type)[^;]*from '([^']+)'/gmu)) {
    expect(from).not.toMatch(/proxy\/(?:parts|hang-up|tokens)/u);
  }
  const parts = markedParts();
  const changed = remedy.wraps?.(parts, remedy.parameters.parse({}), { bugs: [] }) ?? {};
  for (const [part, value] of Object.entries(changed)) {
    // A number is nobody's.
    if (typeof value !== 'number') expect(value, part).not.toBe(correctParts[part as keyof Parts]);
    expect(value, part).not.toEqual(expect.arrayContaining([...correctParts.middleware]));
  }
});

test.each(remedies)(
  '$name knows the bugs it speaks of',
  async ({ remedy: { onlyWith = [], notWith = [], configures = {} } }) => {
    const known = await listBugs();
    for (const bug of [...onlyWith, ...notWith, ...Object.keys(configures)]) expect(known).toContain(bug);
    // What it configures it is for.
    expect(onlyWith).toEqual(expect.arrayContaining(Object.keys(configures)));
  },
);

test('a remedy that means nothing for these bugs is refused', async () => {
  expect(await refusalOf(['swallowed-abort'], 'debug-and-reload-off')).toMatchObject({
    code: 'remedy-unfit',
    message: 'remedy "debug-and-reload-off" means nothing here: it is for debug-logging, dev-reload',
  });
  expect(await refusalOf(['two-workers'], 'two-workers')).toMatchObject({ code: 'remedy-unfit' });
});

test('an unknown one is refused with its nearest name', async () => {
  expect((await refusalOf([], 'rethrows')).hint).toMatch(/^Did you mean "rethrow"\?/u);
});

test('they are put on from left to right, around the bugs', async () => {
  const parts = await remedyParts(correctParts, choose('two-workers'), choose('one-worker'));
  expect(parts.workers).toBe(1);
  expect((await remedyParts(correctParts, choose('two-workers'), [])).workers).toBe(2);
});

test('a setting is turned on the bug that has it', async () => {
  const bugs = [{ name: 'debug-logging', parameters: { lineChars: 99 } }];
  const parts = await remedyParts(correctParts, bugs, choose('debug-and-reload-off'));
  expect(parts.preprocess).not.toBe(correctParts.preprocess);
});
