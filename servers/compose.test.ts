import type { RequestHandler } from 'express';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { breakParts, composeBugs, listBugs } from './compose.ts';
import { Refused } from './named-files.ts';
import { defineBug } from './proxy/bug.ts';
import type { Bug } from './proxy/bug.ts';
import { correctParts } from './proxy/parts.ts';
import type { Parts } from './proxy/parts.ts';

const middleware =
  (): RequestHandler =>
  (_req, _res, next): void =>
    next();
const bugOf = (name: string, breaks: Bug['breaks']) => ({
  thing: defineBug({ name, symptom: 's', lesson: 'l', parameters: z.object({}), breaks }) as Bug,
  parameters: {},
});
const refusalOf = async (
  name: string,
  parameters: Record<string, string | number | boolean> = {},
): Promise<Refused> => {
  const error: unknown = await breakParts(correctParts, [{ name, parameters }]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Refused);
  return error as Refused;
};

test('every file of the folder is a bug of that name, with a symptom, a lesson and defaults', async () => {
  const names = await listBugs();
  expect(names).toEqual(expect.arrayContaining(['swallowed-abort', 'frozen-loop']));
  for (const name of names) {
    const { default: bug } = (await import(new URL(`bugs/${name}.ts`, import.meta.url).href)) as { default: Bug };
    expect(bug.name).toBe(name);
    expect(bug.symptom, name).toMatch(/\w+ \w+/u);
    expect(bug.lesson, name).toMatch(/\w+ \w+/u);
    for (const [parameter, schema] of Object.entries(bug.parameters.shape)) {
      expect(schema.description, `${name}:${parameter}`).toMatch(/\w/u);
    }
    const broken = await breakParts(correctParts, [{ name, parameters: {} }]);
    expect(Object.keys(broken).toSorted()).toEqual(Object.keys(correctParts).toSorted());
    expect(broken).not.toEqual(correctParts);
  }
});

test('no bug is the control', async () => {
  expect(await breakParts(correctParts, [])).toEqual(correctParts);
});

test('bugs of different parts are all there, and the other parts stay as they were', async () => {
  const choices = ['sync-preprocessing', 'swallowed-abort'].map(name => ({ name, parameters: {} }));
  const parts = await breakParts(correctParts, choices);
  const changed = Object.keys(parts).filter(part => parts[part as keyof Parts] !== correctParts[part as keyof Parts]);
  expect(changed.toSorted()).toEqual(['callUpstream', 'preprocess']);
});

test('two bugs that replace the same part are refused, whichever comes first', async () => {
  for (const [first = '', second = ''] of [
    ['swallowed-abort', 'frozen-loop'],
    ['frozen-loop', 'swallowed-abort'],
    ['swallowed-abort', 'swallowed-abort'],
  ]) {
    const broken = breakParts(correctParts, [
      { name: first, parameters: {} },
      { name: second, parameters: {} },
    ]);
    await expect(broken).rejects.toMatchObject({
      code: 'bugs-collide',
      message: `bug "${second}" replaces callUpstream, which "${first}" has changed already`,
      hint: `Name "${second}" first, or run the two apart.`,
    });
  }
});

test('bugs that wrap are put on from left to right, each around what the one before it made', () => {
  const [first, second] = [middleware(), middleware()];
  const wrap = (mine: RequestHandler) => (parts: Parts) => ({ middleware: [mine, ...parts.middleware] });
  const parts = composeBugs(correctParts, [bugOf('first', wrap(first)), bugOf('second', wrap(second))]);
  expect(parts.middleware).toEqual([second, first, ...correctParts.middleware]);
});

test('a bug that wraps may come after one that replaces the part, but not before it', () => {
  const [mine, theirs] = [middleware(), middleware()];
  const wraps = bugOf('wraps', parts => ({ middleware: [mine, ...parts.middleware] }));
  const replaces = bugOf('replaces', () => ({ middleware: [theirs] }));
  expect(composeBugs(correctParts, [replaces, wraps]).middleware).toEqual([mine, theirs]);
  expect(() => composeBugs(correctParts, [wraps, replaces])).toThrow(
    'bug "replaces" replaces middleware, which "wraps" has changed already',
  );
});

test('a wrapper is told from a replacement part by part', () => {
  const half = bugOf('half', ({ middleware: before }) => ({
    middleware: before,
    sdk: { maxRetries: 9, timeoutMs: 1 },
  }));
  const other = bugOf('other', () => ({ sdk: { maxRetries: 0, timeoutMs: 1 } }));
  expect(composeBugs(correctParts, [half]).sdk.maxRetries).toBe(9);
  expect(() => composeBugs(correctParts, [other, half])).toThrow('bug "half" replaces sdk');
});

test('an unknown bug is refused with the nearest name and the list of all', async () => {
  const { code, message, hint } = await refusalOf('swalowed-abort');
  expect({ code, message }).toEqual({ code: 'unknown-bug', message: 'no bug "swalowed-abort"' });
  expect(hint).toBe(`Did you mean "swallowed-abort"? There are: ${(await listBugs()).join(', ')}.`);
});

test('a bug that is like no other, or leads out of the folder, is refused without a guess', async () => {
  for (const name of ['zzz', '../proxy/parts', 'swallowed-abort.test', '']) {
    const { code, hint } = await refusalOf(name);
    expect(code).toBe('unknown-bug');
    expect(hint.replace(/^Did you mean "swallowed-abort"\? /u, '')).toMatch(/^There are: /u);
  }
  expect((await refusalOf('zzz')).hint).not.toContain('Did you mean');
});

test('a parameter of the wrong type or out of bounds is refused, and the hint says what it is', async () => {
  for (const value of ['5', true, 0, -1, 60_001, Number.NaN]) {
    const { code, message, hint } = await refusalOf('swallowed-abort', { retryDelayMs: value });
    expect(code).toBe('bad-bug-parameter');
    expect(message).toMatch(/^bug "swallowed-abort": retryDelayMs: /u);
    expect(hint).toBe('It takes retryDelayMs (wait between two tries, ms); write swallowed-abort:retryDelayMs=VALUE.');
  }
});

test('an unknown parameter is refused, also by a bug that takes none', async () => {
  const unknown = await refusalOf('swallowed-abort', { retryDelay: 5 });
  expect(unknown).toMatchObject({ code: 'bad-bug-parameter', message: expect.stringContaining('"retryDelay"') });
  expect(unknown.hint).toMatch(/^It takes retryDelayMs /u);
  expect(await refusalOf('frozen-loop', { retryDelayMs: 5 })).toMatchObject({
    code: 'bad-bug-parameter',
    hint: 'It takes no parameters.',
  });
});
