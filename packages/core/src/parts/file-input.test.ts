import { expect, test } from 'vitest';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { readVisitorInput } from '../server/runs/visitor-input.ts';
import { fileInput } from './file-input.ts';
import { inputParts } from './input-parts.ts';

const file = (type: string, name: string, bytes = 3): File =>
  new File([new Uint8Array(bytes).fill(1)], name, { type });

test.each(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])(
  '%s is sent inline as an image',
  async (type) => {
    expect(await fileInput(file(type, 'a'))).toEqual({
      role: 'user',
      content: [{ type: 'input_image', image_url: `data:${type};base64,AQEB` }],
    });
  },
);

test('a PDF is sent inline with its name', async () => {
  expect(await fileInput(file('application/pdf', 'Bill 7.pdf'))).toEqual({
    role: 'user',
    content: [{ type: 'input_file', filename: 'Bill 7.pdf', file_data: 'data:application/pdf;base64,AQEB' }],
  });
});

test('all bytes of a large file are in its data URL', async () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, index) => index % 251);
  const { content } = await fileInput(new File([bytes], 'a.png', { type: 'image/png' }));
  const [, data = ''] = String(content[0]['image_url']).split(',');
  expect(Uint8Array.from(atob(data), (one) => one.charCodeAt(0))).toEqual(bytes);
});

test.each([
  ['image/png', 'a.png'],
  ['application/pdf', 'Überweisung – 💶.pdf'],
  ['application/pdf', `${'n'.repeat(400)}.pdf`],
  ['application/pdf', 'a/b\\c\n.pdf'],
  ['application/pdf', ''],
])('a server accepts a visitor’s %s with the name %j', async (type, name) => {
  const item = await fileInput(file(type, name));
  expect(readVisitorInput([item])).toEqual([item]);
});

test('a file of 4 MiB is sent inline, and it is less than the 6 MiB that a server accepts; one byte more is not', async () => {
  const largest = 4 * 1024 * 1024;
  const item = await fileInput(file('image/png', 'a.png', largest));
  expect(JSON.stringify(item).length).toBeLessThan(6 * 1024 * 1024);
  await expect(fileInput(file('image/png', 'a.png', largest + 1))).rejects.toThrow(ConfigurationError);
});

test('a file that is too large is refused with its name, its size and the limit', async () => {
  const error: unknown = await fileInput(file('application/pdf', 'a.pdf', 11), { maxInlineBytes: 10 }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({
    code: 'configuration',
    option: 'upload',
    message:
      'fileInput: the file "a.pdf", with the type "application/pdf" and 11 bytes, is not sent inline. Only images (PNG, JPEG, WebP, GIF) and PDFs of at most 10 bytes are. Pass `upload` to send other files.',
  });
});

test.each(['text/csv', 'image/heic', 'image/svg+xml', ''])(
  'a file of type %j is refused without upload',
  async (type) => {
    await expect(fileInput(file(type, 'a'))).rejects.toThrow(
      `the file "a", with the type ${JSON.stringify(type)}`,
    );
  },
);

test('an empty file is refused', async () => {
  await expect(fileInput(file('image/png', 'a.png', 0))).rejects.toThrow('The file "a.png" is empty');
});

test('a file that is not sent inline is uploaded, and only such a file', async () => {
  const seen: string[] = [];
  const input = async (one: File, place: { fileId: string } | { url: string }) =>
    (
      await fileInput(one, {
        maxInlineBytes: 3,
        upload: async ({ name }) => {
          seen.push(name);
          return place;
        },
      })
    ).content[0];
  const url = 'https://a.test/1';
  expect(await input(file('image/png', 'large.png', 4), { url })).toEqual({
    type: 'input_image',
    image_url: url,
  });
  expect(await input(file('image/png', 'id.png', 4), { fileId: 'file_1' })).toEqual({
    ...{ type: 'input_image', file_id: 'file_1' },
  });
  expect(await input(file('text/csv', 'a.csv'), { url })).toEqual({ type: 'input_file', file_url: url });
  expect(await input(file('text/csv', 'id.csv'), { fileId: 'file_2' })).toEqual({
    ...{ type: 'input_file', file_id: 'file_2' },
  });
  expect(await input(file('image/png', 'small.png'), { url })).toHaveProperty(
    'image_url',
    expect.stringMatching(/^data:/),
  );
  expect(seen).toEqual(['large.png', 'id.png', 'a.csv', 'id.csv']);
});

test('an error of upload is passed on, and an answer of another shape is refused', async () => {
  const down = new Error('Down.');
  const csv = file('text/csv', 'a.csv');
  await expect(fileInput(csv, { upload: () => Promise.reject(down) })).rejects.toBe(down);
  const odd = async (): Promise<{ url: string }> => JSON.parse('{"href":"https://a.test"}');
  await expect(fileInput(csv, { upload: odd })).rejects.toThrow('`upload` must be a function that returns');
});

test.each([{ maxInlineBytes: -1 }, { maxInlineByte: 1 }])('the options %j are refused', async (options) => {
  await expect(fileInput(file('image/png', 'a.png'), options)).rejects.toThrow(ConfigurationError);
});

test('inputParts shows the file', async () => {
  const items = await Promise.all([
    fileInput(file('image/png', 'a.png')),
    fileInput(file('application/pdf', 'a.pdf')),
  ]);
  expect(inputParts([...items, { role: 'user', content: 'Compare.' }])).toMatchObject([
    { type: 'image', url: 'data:image/png;base64,AQEB' },
    { type: 'file', filename: 'a.pdf', url: 'data:application/pdf;base64,AQEB' },
    { type: 'text', text: 'Compare.' },
  ]);
});
