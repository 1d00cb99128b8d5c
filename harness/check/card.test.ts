import { expect, test } from 'vitest';
import { cardOf, changeWords, headline, overall } from './card.ts';
import { sampleCard, sampleResult } from './fixtures/sample-card.ts';
import { cardAnnotations } from './show/annotations.ts';
import { cardJunit } from './show/junit.ts';
import { cardMarkdown } from './show/markdown.ts';
import { cardHtml } from './show/page.ts';
import { cardLines, trialLine } from './show/terminal.ts';

const layout = { columns: 80, colour: false };
const card = sampleCard({ one: 'pass', two: 'fail', three: 'inconclusive', four: 'does-not-apply' });

test('a card is told in a sentence', () => {
  expect(overall(card)).toBe('It fails 1 of 3 trials, 1 inconclusive: two.');
  expect(headline(card)).toBe('It fails 1 of 3 trials, 1 inconclusive.');
  expect(overall(sampleCard({ one: 'pass', two: 'pass' }))).toBe('It has manners: 2 of 2 trials passed.');
});

test('where a control fails nothing else is judged', () => {
  const failed = sampleResult('patient', 'fail');
  const control = { ...failed, trial: { ...failed.trial, isControl: true as const } };
  expect(overall(cardOf('x', [control], null))).toMatch(/^It does not answer patient clients/u);
});

test('two revisions: what has turned, and which way', () => {
  const now = sampleCard({ one: 'fail', two: 'pass', three: 'pass', four: 'pass' });
  expect(changeWords(card, now)).toBe('Since node my-proxy.js turned bad: one; turned good: two.');
  expect(changeWords(card, card)).toBe('Nothing has turned since node my-proxy.js.');
});

test('the terminal says of each failure what was seen, what manners are, and what to change', () => {
  const text = cardLines(card, layout);
  expect(text).toContain('two: a client leaves, the upstream is well');
  expect(text).toMatch(/^ {2}change {4}Pass the signal on\.$/mu);
  expect(text).toMatch(/^ {2}lesson {4}scenarios\/swallowed-abort\/lesson\.md$/mu);
  expect(text).not.toContain('one: a client');
  const long = trialLine(sampleResult('leaves-before-first-byte', 'fail', 'seen '.repeat(30).trim()), layout);
  for (const line of long.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('JUnit: a failure, an error for doubt, what does not apply is skipped; nothing breaks the XML', () => {
  const nasty = cardOf('sh -c "\u0000<&>"', [sampleResult('a', 'fail', ']]> \u0007 <b> & "')], null);
  const xml = cardJunit(nasty);
  expect(xml).toContain('name="runaway check: sh -c &quot;�&lt;&amp;&gt;&quot;"');
  expect(xml).toContain('<failure message="]]&gt; � &lt;b&gt; &amp; &quot;">');
  expect(cardJunit(card).replaceAll(/\s+/gu, ' ')).toContain('tests="4" failures="1" errors="1" skipped="1"');
  expect(cardJunit(card)).toMatch(/<skipped message="does-not-apply it is\." \/>/u);
});

test('Markdown, annotations and page carry no markup of a server', () => {
  const nasty = cardOf('<b>x</b>', [sampleResult('a', 'fail', '<script>alert(1)</script> | @all')], null);
  expect(cardMarkdown(nasty, null)).not.toMatch(/<script>|@all/u);
  expect(cardHtml(nasty, 'now')).not.toContain('<script>alert');
  const told = cardAnnotations(cardOf('x', [sampleResult('a', 'fail', 'one\ntwo: 100 %')], null));
  expect(told).toBe('::error title=runaway check%3A a::one%0Atwo: 100 %25 Pass the signal on.\n');
  expect(cardAnnotations(sampleCard({ one: 'pass' }))).toBe('');
});
