import { describe, expect, test } from 'vitest';
import { emptyView } from './empty-view.ts';
import { growItem, withoutUnfinished } from './item-view.ts';
import type { ItemView } from './run-view.ts';

const at = { seq: 1, at: 0, iteration: 0, outputIndex: 1 };

function itemsOf(item: ItemView['item'], done = false): readonly ItemView[] {
  const other: ItemView = { iteration: 0, outputIndex: 0, done: true, item: { type: 'reasoning' } };
  return [other, { iteration: 0, outputIndex: 1, done, item }];
}

function grown(item: ItemView['item'], ...events: readonly Parameters<typeof growItem>[1][]): unknown {
  let items = itemsOf(item);
  for (const event of events) items = growItem(items, event);
  return items[1]?.item;
}

const text = (contentIndex: number, delta: string) =>
  ({ type: 'text.delta', ...at, contentIndex, delta }) as const;
const delta = (
  field: 'arguments' | 'input' | 'summary' | 'reasoning' | 'refusal' | 'code',
  index: number,
  added: string,
) => ({ type: 'item.delta', ...at, field, index, delta: added }) as const;

describe('growItem adds deltas', () => {
  test('of text to their parts', () => {
    expect(grown({ type: 'message', content: [] }, text(0, 'Hel'), text(0, 'lo'), text(1, 'World'))).toEqual({
      type: 'message',
      content: [
        { type: 'output_text', text: 'Hello' },
        { type: 'output_text', text: 'World' },
      ],
    });
  });

  test('to an existing part, which keeps its other fields', () => {
    const content = [{ type: 'output_text', text: 'He', annotations: [] }];
    expect(grown({ type: 'message', content }, text(0, 'y'))).toEqual({
      type: 'message',
      content: [{ type: 'output_text', text: 'Hey', annotations: [] }],
    });
  });

  test('of arguments, custom input and code', () => {
    expect(
      grown(
        { type: 'function_call', arguments: '' },
        delta('arguments', 0, '{"a'),
        delta('arguments', 0, '":1}'),
      ),
    ).toEqual({
      type: 'function_call',
      arguments: '{"a":1}',
    });
    expect(grown({ type: 'custom_tool_call' }, delta('input', 0, 'SELECT'))).toMatchObject({
      input: 'SELECT',
    });
    expect(grown({ type: 'code_interpreter_call' }, delta('code', 0, 'print'))).toMatchObject({
      code: 'print',
    });
  });

  test('of summaries, reasoning and refusals to their parts', () => {
    expect(
      grown({ type: 'reasoning', summary: [] }, delta('summary', 0, 'A'), delta('summary', 1, 'B')),
    ).toEqual({
      type: 'reasoning',
      summary: [
        { type: 'summary_text', text: 'A' },
        { type: 'summary_text', text: 'B' },
      ],
    });
    expect(grown({ type: 'reasoning' }, delta('reasoning', 0, 'Hm'))).toMatchObject({
      content: [{ type: 'reasoning_text', text: 'Hm' }],
    });
    expect(grown({ type: 'message', content: [] }, delta('refusal', 0, 'No'))).toMatchObject({
      content: [{ type: 'refusal', refusal: 'No' }],
    });
  });

  test('of the progress of a hosted tool', () => {
    expect(
      grown({ type: 'web_search_call' }, { type: 'item.progress', ...at, status: 'searching' }),
    ).toMatchObject({
      status: 'searching',
    });
  });

  test('of partial images: only the last one is kept', () => {
    const image = (b64: string) => ({ type: 'item.image', ...at, image: b64, format: 'webp' }) as const;
    const items = itemsOf({ type: 'image_generation_call', status: 'generating', result: null });
    const shown = [image('YQ=='), image('Yg==')].reduce((now, event) => growItem(now, event), items);
    expect(shown[1]).toEqual({ ...items[1], partialImage: { image: 'Yg==', format: 'webp' } });
  });

  test('to a new list or text, if the field has another type (I10)', () => {
    expect(grown({ type: 'message', content: 'odd' }, text(0, 'a'))).toMatchObject({
      content: [{ text: 'a' }],
    });
    expect(grown({ type: 'message', content: [7] }, text(0, 'a'))).toMatchObject({
      content: [{ text: 'a' }],
    });
    expect(grown({ type: 'function_call', arguments: 7 }, delta('arguments', 0, '{'))).toMatchObject({
      arguments: '{',
    });
  });
});

describe('growItem changes nothing', () => {
  test('for an item that is done', () => {
    const items = itemsOf({ type: 'message', content: [] }, true);
    expect(growItem(items, text(0, 'late'))).toBe(items);
  });

  test('for the status that an item has', () => {
    const items = itemsOf({ type: 'web_search_call', status: 'searching' });
    expect(growItem(items, { type: 'item.progress', ...at, status: 'searching' })).toBe(items);
  });

  test('for an unknown item, or an item of another iteration', () => {
    const items = itemsOf({ type: 'message', content: [] });
    expect(growItem(items, { ...text(0, 'x'), outputIndex: 5 })).toBe(items);
    expect(growItem(items, { ...text(0, 'x'), iteration: 1 })).toBe(items);
  });

  test('in place, because views are immutable', () => {
    const items = itemsOf({ type: 'message', content: [] });
    const before = JSON.stringify(items);
    growItem(items, text(0, 'x'));
    expect(JSON.stringify(items)).toBe(before);
  });
});

test('a call that was sent twice has the arguments of its complete item after a stop, as in the saved run', () => {
  const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'look', arguments: '' };
  const whole = { ...call, arguments: '{"city":"Paris"}' };
  const toolCalls = [
    { callId: 'call_1', name: 'look', iteration: 0, rawArguments: '', status: 'pending' } as const,
    { callId: 'call_2', name: 'open', iteration: 0, rawArguments: '', status: 'pending' } as const,
  ];
  const items = [
    { iteration: 0, outputIndex: 0, done: false, item: call },
    { iteration: 0, outputIndex: 1, done: true, item: whole },
    { iteration: 0, outputIndex: 2, done: false, item: { ...call, call_id: 'call_2', name: 'open' } },
  ];
  expect(withoutUnfinished({ ...emptyView, items, toolCalls })).toEqual({
    items: [items[1]],
    toolCalls: [
      {
        ...{ callId: 'call_1', name: 'look', iteration: 0, status: 'pending' },
        ...{ rawArguments: '{"city":"Paris"}', arguments: { city: 'Paris' } },
      },
    ],
  });
});
