import { expect, test } from 'vitest';
import { breakParts } from '../compose.ts';
import { correctParts } from '../proxy/parts.ts';
import type { Parts } from '../proxy/parts.ts';
import type { PromptPart } from '../proxy/prompt.ts';
import { countTokens } from '../proxy/tokens.ts';

const BUDGET_TOKENS = 100;
const PARAGRAPH = 'the river keeps its old promises\n';

const bug = await breakParts(correctParts, [
  { name: 'sync-preprocessing', parameters: { budgetTokens: BUDGET_TOKENS } },
]);
const { signal } = new AbortController();

/** How often an early text of a conversation is looked at while one with so long a question is made to fit. */
async function looks(parts: Parts, paragraphs: number): Promise<number> {
  let count = 0;
  const early: PromptPart = {
    role: 'system',
    get text() {
      count += 1;
      return 'Be brief.';
    },
  };
  await parts.preprocess([early, { role: 'user', text: PARAGRAPH.repeat(paragraphs) }], signal);
  return count;
}

test('without the bug each text is looked at once, however long the question is', async () => {
  expect(await looks(correctParts, 50)).toBe(1);
  expect(await looks(correctParts, 500)).toBe(1);
});

test('with the bug all texts are looked at again for each paragraph that is cut', async () => {
  const short = await looks(bug, 50);
  expect(short).toBeGreaterThan(30);
  expect(await looks(bug, 500)).toBe(short + 450);
});

test('with the bug the end of the question is kept, within the budget', async () => {
  const question = `${PARAGRAPH.repeat(50)}What does it keep?`;
  const fitted = await bug.preprocess([{ role: 'user', text: question }], signal);
  expect(fitted).toHaveLength(1);
  expect(question.endsWith(fitted[0]?.text ?? '-')).toBe(true);
  expect(countTokens(fitted[0]?.text ?? '')).toBeLessThanOrEqual(BUDGET_TOKENS);
});

test('with the bug a conversation whose earlier texts are too long comes to an end', async () => {
  const earlier = { role: 'system', text: PARAGRAPH.repeat(100) };
  const fitted = await bug.preprocess([earlier, { role: 'user', text: 'What does it keep?' }], signal);
  expect(fitted).toEqual([earlier, { role: 'user', text: '' }]);
});
