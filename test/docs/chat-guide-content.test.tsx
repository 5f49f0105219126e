import type { Part } from '@longhaul/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ContentView } from './examples/content.tsx';

type Shown<P = Part<never>> = P extends Part<never> ? Omit<P, 'key' | 'iteration' | 'done'> : never;

function htmlOf(part: Shown): string {
  return renderToStaticMarkup(<ContentView part={{ ...part, key: 'a', iteration: 0, done: true }} />);
}

const cited = [
  { type: 'url_citation', url: 'https://a.test/', title: 'Rules' },
  { type: 'url_citation', url: 'https://b.test/' },
  { type: 'file_citation', filename: 'b.pdf' },
] as const;
const text = { type: 'text', text: 'Refunded.', annotations: [] } as const;
const searched = { type: 'web_search_call', status: 'completed' } as const;

test.each<[Shown, string]>([
  [text, '<p>Refunded.</p>'],
  [
    { ...text, annotations: cited },
    '<p>Refunded.<a href="https://a.test/">Rules</a><a href="https://b.test/">https://b.test/</a></p>',
  ],
  [{ type: 'reasoning', text: 'It is old.' }, '<details><summary>Reasoning</summary>It is old.</details>'],
  [{ type: 'refusal', text: 'No.' }, '<p>No.</p>'],
  [
    { type: 'hosted_tool', name: 'web_search', status: 'searching', item: searched },
    '<p>web_search: searching</p>',
  ],
  [
    { type: 'image', url: 'data:image/png;base64,AQ==', partial: true, prompt: 'A receipt' },
    '<img src="data:image/png;base64,AQ==" alt="A receipt" aria-busy="true"/>',
  ],
  [
    { type: 'file', filename: 'a.pdf', url: 'data:application/pdf;base64,AQ==' },
    '<a href="data:application/pdf;base64,AQ==" download="a.pdf">a.pdf</a>',
  ],
  [{ type: 'file' }, '<a>File</a>'],
  [
    { type: 'input', parts: [{ ...text, key: 'b', iteration: 0, done: true }], steerId: 'c' },
    '<blockquote><p>Refunded.</p></blockquote>',
  ],
  [{ type: 'error', error: { code: 'busy', message: 'It failed.' } }, '<p role="alert">It failed.</p>'],
  [{ type: 'other', item: { type: 'compaction' } }, ''],
])('the content of a turn: $type', (part, html) => {
  expect(htmlOf(part)).toBe(html);
});
