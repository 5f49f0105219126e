import { expect, test } from 'vitest';
import type { InputItem } from '../wire/items.ts';
import { inputParts } from './input-parts.ts';

const at = { iteration: 0, done: true } as const;

test('a text is one part; an empty text has none', () => {
  expect(inputParts('Hello')).toEqual([
    { type: 'text', text: 'Hello', annotations: [], key: 'input/0/0', ...at },
  ]);
  expect(inputParts('')).toEqual([]);
  expect(inputParts([])).toEqual([]);
});

test('messages give texts, images and files, by index', () => {
  const content = [
    { type: 'input_text', text: 'Look:' },
    { type: 'input_image', image_url: 'data:image/png;base64,aW1n' },
    { type: 'input_image', file_id: 'file_1' },
    { type: 'input_file', file_id: 'file_2' },
    { type: 'input_file', file_url: 'https://a.test/a.pdf' },
    { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
    { type: 'input_file', filename: 'b.pdf', file_data: 'JVBERi0=' },
  ];
  expect(
    inputParts([
      { role: 'user', content: 'Hi' },
      { type: 'message', role: 'user', content },
    ]),
  ).toEqual([
    { type: 'text', text: 'Hi', annotations: [], key: 'input/0/0', ...at },
    { type: 'text', text: 'Look:', annotations: [], key: 'input/1/0', ...at },
    { type: 'image', url: 'data:image/png;base64,aW1n', partial: false, key: 'input/1/1', ...at },
    { type: 'file', fileId: 'file_1', key: 'input/1/2', ...at },
    { type: 'file', fileId: 'file_2', key: 'input/1/3', ...at },
    { type: 'file', url: 'https://a.test/a.pdf', key: 'input/1/4', ...at },
    {
      ...{ type: 'file', filename: 'a.pdf', url: 'data:application/pdf;base64,JVBERi0=' },
      ...{ key: 'input/1/5', ...at },
    },
    { type: 'file', filename: 'b.pdf', key: 'input/1/6', ...at },
  ]);
});

test('parts of messages that are not the user’s have a role', () => {
  const items = [
    { role: 'developer', content: 'Be brief.' },
    { role: 'assistant', content: [{ type: 'output_text', text: 'Hi.', annotations: [] }] },
    { role: 'user', content: 'Hello' },
  ];
  expect(inputParts(items)).toMatchObject([{ role: 'developer' }, { role: 'assistant' }, { text: 'Hello' }]);
  expect(inputParts(items)[2]).not.toHaveProperty('role');
});

test('all other items are other parts (I10)', () => {
  const output = { type: 'function_call_output', call_id: 'c1', output: '1' };
  expect(inputParts([output, { id: 'msg_1' }])).toEqual([
    { type: 'other', item: output, key: 'input/0', ...at },
  ]);
});

test('an address that runs code is not the address of an image or a file', () => {
  const url = 'javascript:alert(1)';
  const content = [
    { type: 'input_image', image_url: url },
    { type: 'input_file', file_url: url, filename: 'a' },
  ];
  expect(inputParts([{ role: 'user', content }])).toEqual([
    { type: 'file', key: 'input/0/0', ...at },
    { type: 'file', filename: 'a', key: 'input/0/1', ...at },
  ]);
});

test('the same input has the same array of parts, and an item of two lists the same parts', () => {
  const first: InputItem = { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] };
  const list = [first];
  expect(inputParts(list)).toBe(inputParts(list));
  expect(inputParts([first, { role: 'user', content: 'More' }])[0]).toBe(inputParts(list)[0]);
  expect(inputParts('Hello')).toBe(inputParts('Hello'));
});

test('the parts of the last 50 texts are kept, and those of earlier texts are released', () => {
  const first = inputParts('first');
  for (let n = 0; n < 49; n += 1) inputParts(`text ${n}`);
  expect(inputParts('first')).toBe(first);
  for (let n = 0; n < 50; n += 1) inputParts(`another ${n}`);
  expect(inputParts('first')).not.toBe(first);
  expect(inputParts('first')).toEqual(first);
});
