import { expect, test } from 'vitest';
import { editedInput } from './edited-input.ts';

const image = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
const pdf = { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' };

test.each([
  ['a text', 'Old.', 'New.'],
  [
    'messages with texts only',
    [
      { role: 'user', content: 'Old.' },
      { role: 'user', content: '!' },
    ],
    'New.',
  ],
  [
    'a message with text and files',
    [{ role: 'user', content: [{ type: 'input_text', text: 'Old.' }, image, pdf] }],
    [
      { role: 'user', content: [image, pdf] },
      { role: 'user', content: 'New.' },
    ],
  ],
  [
    'a message of a developer',
    [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Old.' },
    ],
    [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'New.' },
    ],
  ],
])('a text replaces the texts of %s', (_, old, expected) => {
  expect(editedInput(old, 'New.')).toEqual(expected);
});
