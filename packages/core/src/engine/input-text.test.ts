import { expect, test } from 'vitest';
import type { InputItem } from '../wire/items.ts';
import { inputText } from './input-text.ts';

const user = (content: string | readonly object[]): InputItem =>
  JSON.parse(JSON.stringify({ role: 'user', content }));

test.each<[string | InputItem[], string | undefined]>([
  ['', undefined],
  [[], undefined],
  ['Hello', 'Hello'],
  ['x'.repeat(300), 'x'.repeat(200)],
  [[user('One'), user([{ type: 'input_text', text: 'Two' }])], 'One\nTwo'],
  [[user([{ type: 'input_image', image_url: 'data:image/png;base64,AA==' }])], ''],
])('the text of %j is %j', (input, text) => {
  expect(inputText(input)).toBe(text);
});

test('a cut does not leave half a character', () => {
  const text = inputText(`${'x'.repeat(199)}\u{1f6a3}`) ?? '';
  expect(text).toHaveLength(200);
  expect(text.isWellFormed()).toBe(true);
});

test('lists of pages do not show instructions in the input', () => {
  const hidden = ['developer', 'system', 'assistant'].map(
    (role): InputItem => ({ role, content: `by ${role}` }),
  );
  const output: InputItem = { type: 'function_call_output', call_id: 'c', output: 'found' };
  expect(inputText([...hidden, output, user('Hello')])).toBe('Hello');
  expect(inputText(hidden)).toBe('');
});
