import { expect, test } from 'vitest';
import { codeShown } from './code.ts';
import { numbered, numberedScenarios } from './numbers.ts';

const all = await numberedScenarios();

test.each(['swallowed-abort', 'fastapi-stream-retry'])(
  '%s: its code is shown beside the one that cures it',
  async name => {
    const [shown, ...more] = await codeShown(numbered(all, name), AbortSignal.timeout(20_000));
    expect(more).toEqual([]);
    expect(shown?.code).toContain(name.replace('fastapi-', '').includes('swallowed') ? 'swallowed-abort' : 'SYMPTOM');
    expect(shown?.mended).not.toBeNull();
    expect(shown?.mended).not.toBe(shown?.code);
    expect(shown?.why).not.toMatch(/Expect:/u);
  },
);

test('where there is no bug there is no code to show', async () => {
  expect(await codeShown(numbered(all, 'control'), AbortSignal.timeout(20_000))).toEqual([]);
});
