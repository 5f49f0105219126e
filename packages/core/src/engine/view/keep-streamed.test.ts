import { expect, test } from 'vitest';
import { emptyView } from './empty-view.ts';
import { keepStreamed } from './keep-streamed.ts';
import type { RunView, WaitingView } from './run-view.ts';

const waiting: WaitingView = {
  mode: 'stream',
  responseId: 'resp_2',
  responseStatus: 'in_progress',
  attempt: 0,
  startedAt: 5,
};

function item(iteration: number, text: string): RunView['items'][number] {
  const content = [{ type: 'output_text', text }];
  return { iteration, outputIndex: 0, done: iteration === 0, item: { type: 'message', content } };
}

const base: RunView = { ...emptyView, runId: 'r', iteration: 1, waiting, items: [item(0, 'First.')] };
const streaming: RunView = { ...base, text: 'Hello', items: [item(0, 'First.'), item(1, 'Hello')] };

test('a save, which lacks streamed text, keeps the text and the items of the response that streams', () => {
  const saved = { ...base, usage: { ...base.usage, totalTokens: 7 }, updatedAt: 9 };
  expect(keepStreamed(streaming, saved)).toEqual({
    ...saved,
    text: 'Hello',
    items: streaming.items,
  });
});

test('a newer view with more text does not change', () => {
  const newer = { ...streaming, text: 'Hello, world', items: [item(0, 'First.'), item(1, 'Hello, world')] };
  expect(keepStreamed(streaming, newer)).toBe(newer);
});

test.each<[string, RunView]>([
  ['another response', { ...base, waiting: { ...waiting, responseId: 'resp_3' } }],
  ['another iteration', { ...base, iteration: 2 }],
  ['no pending response', { ...base, waiting: null }],
  ['another run', { ...base, runId: 's' }],
])('a view of %s keeps nothing', (_, newer) => {
  expect(keepStreamed(streaming, newer)).toBe(newer);
});
