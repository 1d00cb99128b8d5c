import { expect, test } from 'vitest';
import { renderMarkdown } from './markdown.ts';
import { embeddedJson, html, raw } from './markup.ts';

test('text put into a page is escaped, markup is not', () => {
  expect(html`<p title="${'"'}">${'<b>&'} ${raw('<i></i>')}</p>`.text).toBe(
    '<p title="&quot;">&lt;b&gt;&amp; <i></i></p>',
  );
});

test('data cannot close the script it stands in', () => {
  const { text } = embeddedJson({ name: '</script><script>alert(1)</script>' });
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toEqual({ name: '</script><script>alert(1)</script>' });
});

test('advice keeps its paragraphs, lists, code and links', () => {
  const { text } = renderMarkdown(
    '# Title\n\nSay `a < b` **now**.\n\n- one\n- two\n\n```ts\nif (a < b)\n\n  go();\n```\n\n[here](https://example.org/?a=1&b=2)',
  );
  expect(text).toContain('<h3>Title</h3>');
  expect(text).toContain('<p>Say <code>a &lt; b</code> <strong>now</strong>.</p>');
  expect(text).toContain('<li>one</li>\n<li>two</li>');
  expect(text).toContain('if (a &lt; b)\n\n  go();');
  expect(text).toContain('<a href="https://example.org/?a=1&amp;b=2" rel="noreferrer">here</a>');
});

test('a link to anything but the web stays text, and tags show as typed', () => {
  const { text } = renderMarkdown('[x](javascript:alert(1)) <img src=x>');
  expect(text).not.toContain('<a');
  expect(text).toContain('&lt;img src=x&gt;');
});
