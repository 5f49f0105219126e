import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonValue } from '../../wire/json.ts';
import { Refusal } from '../refusal.ts';
import { readVisitorInput } from './visitor-input.ts';

const png = 'data:image/png;base64,iVBORw0KGgo=';
const pdf = 'data:application/pdf;base64,JVBERi0x';

function refusal(value: unknown): Refusal {
  try {
    readVisitorInput(value);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('The input was accepted.');
}

/** One message with one part. */
const of = (part: unknown): unknown => [
  { role: 'user', content: [{ type: 'input_text', text: 'Look:' }, part] },
];
const image = (image_url: unknown, more: object = {}): unknown =>
  of({ type: 'input_image', image_url, ...more });
const file = (file_data: unknown, more: object = {}): unknown =>
  of({ type: 'input_file', file_data, ...more });

describe('accepts', () => {
  test.each<[string, unknown]>([
    ['a text', 'Hello'],
    ['an empty text, as a retry sends', ''],
    ['no messages', []],
    ['a message', [{ role: 'user', content: 'Hello' }]],
    ['a message with its type', [{ type: 'message', role: 'user', content: '' }]],
    [
      'several messages',
      [
        { role: 'user', content: 'a' },
        { role: 'user', content: 'b' },
      ],
    ],
    ['the address of an image', image('https://images.test/a%20b.png?size=2#x')],
    ['an address with a port', image('https://images.test:8443/a.png')],
    ['an image as data', image(png, { detail: 'high' })],
    ['an image with parameters of its type', image('data:image/svg+xml;charset=utf-8;base64,PHN2Zz4=')],
    ['a file as data', file(pdf)],
    ['a file with its name', file(pdf, { filename: 'Rechnung März.pdf' })],
  ])('%s', (_what, input) => {
    const read = readVisitorInput(input);
    expect(read).toEqual(input);
    if (typeof input !== 'string') expect(read).not.toBe(input);
  });

  test('an image of several megabytes', () => {
    const input = image(`data:image/png;base64,${'iVBO'.repeat(2 ** 20)}`);
    expect(readVisitorInput(input)).toEqual(input);
  });
});

describe('refuses, and names the place', () => {
  test.each<[string, unknown, string]>([
    ['no input', undefined, 'input'],
    ['null', null, 'input'],
    ['a number', 5, 'input'],
    ['one message', { role: 'user', content: 'a' }, 'input'],
    ['a text in a list', ['a'], 'input[0]'],
    ['a list in a list', [[{ role: 'user', content: 'a' }]], 'input[0]'],
    ['null in a list', [{ role: 'user', content: 'a' }, null], 'input[1]'],
    ['a developer message', [{ role: 'developer', content: 'a' }], 'input[0].role'],
    ['a system message', [{ type: 'message', role: 'system', content: 'a' }], 'input[0].role'],
    ['an assistant message', [{ role: 'assistant', content: 'a' }], 'input[0].role'],
    ['another case', [{ role: 'User', content: 'a' }], 'input[0].role'],
    ['a list as the role', [{ role: ['user'], content: 'a' }], 'input[0].role'],
    ['no role', [{ content: 'a' }], 'input[0].role'],
    ['an output', [{ type: 'function_call_output', call_id: 'c', output: 'a' }], 'input[0].type'],
    [
      'an output with a role',
      [{ type: 'function_call_output', role: 'user', content: 'a' }],
      'input[0].type',
    ],
    ['a call', [{ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }], 'input[0].type'],
    ['a reference', [{ type: 'item_reference', id: 'msg_1' }], 'input[0].type'],
    ['a reference without a type', [{ id: 'msg_1' }], 'input[0].role'],
    [
      'an approval',
      [{ type: 'mcp_approval_response', approval_request_id: 'a', approve: true }],
      'input[0].type',
    ],
    ['added tools', [{ type: 'additional_tools', role: 'developer', tools: [] }], 'input[0].type'],
    ['an unknown item', [{ type: 'hologram' }], 'input[0].type'],
    ['null as the type', [{ type: null, role: 'user', content: 'a' }], 'input[0].type'],
    ['an id', [{ role: 'user', content: 'a', id: 'msg_1' }], 'input[0]'],
    ['a phase', [{ role: 'user', content: 'a', phase: 'final_answer' }], 'input[0]'],
    ['no content', [{ role: 'user' }], 'input[0].content'],
    ['an object as content', [{ role: 'user', content: { type: 'input_text' } }], 'input[0].content'],
    ['no parts', [{ role: 'user', content: [] }], 'input[0].content'],
    ['a text as a part', of('a'), 'input[0].content[1]'],
    ['an unknown part', of({ type: 'input_audio', data: 'a' }), 'input[0].content[1].type'],
    ['a part of an answer', of({ type: 'output_text', text: 'a' }), 'input[0].content[1].type'],
    ['a part without a type', of({ text: 'a' }), 'input[0].content[1].type'],
    ['a name that every object inherits', of({ type: 'constructor' }), 'input[0].content[1].type'],
    ['a text part without text', of({ type: 'input_text' }), 'input[0].content[1].text'],
    ['an object as text', of({ type: 'input_text', text: { a: 1 } }), 'input[0].content[1].text'],
    [
      'a cache setting',
      of({ type: 'input_text', text: 'a', prompt_cache_breakpoint: {} }),
      'input[0].content[1]',
    ],
    ['the id of an image', of({ type: 'input_image', file_id: 'file_1' }), 'input[0].content[1]'],
    ['an image with an id', image(png, { file_id: 'file_1' }), 'input[0].content[1]'],
    ['an image without a source', of({ type: 'input_image' }), 'input[0].content[1].image_url'],
    ['an object as the address', image({ url: png }), 'input[0].content[1].image_url'],
    ['an unknown detail', image(png, { detail: 'huge' }), 'input[0].content[1].detail'],
    ['null as the detail', image(png, { detail: null }), 'input[0].content[1].detail'],
    ['the id of a file', of({ type: 'input_file', file_id: 'file_1' }), 'input[0].content[1]'],
    [
      'the address of a file',
      of({ type: 'input_file', file_url: 'https://a.test/b' }),
      'input[0].content[1]',
    ],
    ['a file without data', of({ type: 'input_file', filename: 'a' }), 'input[0].content[1].file_data'],
    ['bare base64', file('JVBERi0x'), 'input[0].content[1].file_data'],
    ['a file at an address', file('https://a.test/b.pdf'), 'input[0].content[1].file_data'],
    ['an empty name', file(pdf, { filename: '' }), 'input[0].content[1].filename'],
    ['a path as the name', file(pdf, { filename: '../../etc/passwd' }), 'input[0].content[1].filename'],
    ['a line break in the name', file(pdf, { filename: 'a\r\nb' }), 'input[0].content[1].filename'],
    ['a long name', file(pdf, { filename: 'a'.repeat(256) }), 'input[0].content[1].filename'],
    ['a number as the name', file(pdf, { filename: 1 }), 'input[0].content[1].filename'],
  ])('%s', (_what, input, place) => {
    const error = refusal(input);
    expect(error).toMatchObject({ status: 400, code: 'invalid_input', details: { param: place } });
    expect(error.message).toMatch(/^'[^']+' .{10,}\.$/);
    expect(error.message.startsWith(`'${place}' `)).toBe(true);
  });

  test.each([
    'http://a.test/b.png',
    'ftp://a.test/b.png',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//a.test/b.png',
    'a.test/b.png',
    '',
    'https://',
    'https:a.test',
    'https:/a.test',
    'https:\\\\a.test',
    'https://a.test\\@b.test/',
    'https://me:pw@a.test/b.png',
    'https://me@a.test/b.png',
    'https://:pw@a.test/b.png',
    'https://@:80/',
    ' https://a.test/b.png',
    'https://a.test/b.png ',
    'https://a.test/b c.png',
    'ht\ntps://a.test/b.png',
    'https://a.test/\tb.png',
    'https://a.test/\u0000',
    'https://a test/',
    'https://a.test:99999/',
    'https://[::1/',
    'blob:https://a.test/1',
  ])('the address %j', (url) => {
    expect(refusal(image(url)).details.param).toBe('input[0].content[1].image_url');
  });

  test.each([
    'data:',
    'data:,',
    'data:image/png',
    'data:image/png;base64',
    'data:image/png;base64,',
    'data:image/png,abcd',
    'data:image/png;base64,abc',
    'data:image/png;base64,ab=c',
    'data:image/png;base64,====',
    'data:image/png;base64,ab d',
    'data:image/png;base64,abcd\n',
    'data:image/png;base64,ab-_',
    'data:image/png;base64,abcd,abcd',
    'data:image/;base64,abcd',
    'data:;base64,abcd',
    'data:image/png;;base64,abcd',
    'data:image/png;a=b;c;base64,abcd',
    'data:image/png; base64,abcd',
    'data:image/png;base64 ,abcd',
    'data: image/png;base64,abcd',
    'Data:image/png;base64,abcd',
    `data:image/png;a=${'b'.repeat(300)};base64,abcd`,
  ])('the data URL %j, as an image and as a file', (url) => {
    expect(refusal(image(url)).details.param).toBe('input[0].content[1].image_url');
    expect(refusal(file(url)).details.param).toBe('input[0].content[1].file_data');
  });

  test('a file that is not an image, as an image', () => {
    expect(refusal(image(pdf)).details.param).toBe('input[0].content[1].image_url');
    expect(refusal(image('data:text/html;base64,PGI+')).message).toContain('of an image');
  });

  test('keys that would change a prototype', () => {
    const keys = [
      '{"__proto__":{"role":"user","content":"a"}}',
      '{"role":"user","content":"a","__proto__":{}}',
    ];
    for (const text of keys) expect(refusal([JSON.parse(text)]).status).toBe(400);
    const part = '{"type":"input_text","text":"a","__proto__":{"file_id":"file_1"}}';
    expect(refusal(of(JSON.parse(part))).details.param).toBe('input[0].content[1]');
  });

  test('without repeating a long name', () => {
    const error = refusal([{ role: 'user', content: 'a', [`x${'y'.repeat(10_000)}`]: 1 }]);
    expect(error.message.length).toBeLessThan(300);
    expect(error.message).toContain('"xyy');
  });
});

/** A message, a part or any JSON, so that many values are almost valid. */
const anyUrl = fc.oneof(
  fc.constantFrom(png, pdf, 'https://a.test/b', 'http://a.test'),
  fc.webUrl(),
  fc.string(),
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: fc.jsonValue() });
const anyPart = fc
  .record(
    {
      type: maybe(fc.constantFrom('input_text', 'input_image', 'input_file', 'output_text')),
      text: maybe(fc.string()),
      image_url: maybe(anyUrl),
      file_data: maybe(anyUrl),
      filename: maybe(fc.string()),
      detail: maybe(fc.constantFrom('auto', 'low')),
      file_id: fc.string(),
    },
    { requiredKeys: [] },
  )
  .map((part) => {
    const fields: Readonly<Record<string, readonly string[]>> = {
      input_text: ['text'],
      input_image: ['image_url', 'detail'],
      input_file: ['file_data', 'filename'],
    };
    const kept = typeof part.type === 'string' ? fields[part.type] : undefined;
    // Mostly the fields of the type, so that valid parts occur.
    if (kept === undefined || part.file_id?.startsWith('a')) return part;
    return Object.fromEntries(
      Object.entries(part).filter(([name]) => name === 'type' || kept.includes(name)),
    );
  });
const anyMessage = fc.record(
  {
    type: maybe(fc.constantFrom('message')),
    role: maybe(fc.constantFrom('user')),
    content: maybe(fc.oneof(fc.string(), fc.array(maybe(anyPart), { minLength: 1, maxLength: 2 }))),
  },
  { requiredKeys: ['role', 'content'] },
);
const anyInput = fc.oneof(fc.jsonValue(), fc.array(maybe(anyMessage), { maxLength: 2 }));

/** Whether an accepted part has one of the allowed shapes, tested without the code that reads it. */
function isAllowedPart(part: JsonValue): boolean {
  if (!isJsonObject(part)) return false;
  const { type, text, image_url: url, file_data: data, filename, detail } = part;
  const has = (...fields: string[]): boolean => Object.keys(part).every((field) => fields.includes(field));
  const isData = (value: unknown, media: string): boolean =>
    typeof value === 'string' && value.startsWith(`data:${media}`) && value.includes(';base64,');
  if (type === 'input_text') return has('type', 'text') && typeof text === 'string';
  if (type === 'input_image') {
    const isWeb = typeof url === 'string' && url.startsWith('https://') && URL.canParse(url);
    return has('type', 'image_url', 'detail') && (isWeb || isData(url, 'image/')) && !isJsonObject(detail);
  }
  const isNamed = filename === undefined || typeof filename === 'string';
  return type === 'input_file' && has('type', 'file_data', 'filename') && isData(data, '') && isNamed;
}

function isAllowedMessage(message: JsonValue): boolean {
  if (!isJsonObject(message)) return false;
  const { type, role, content } = message;
  const isTyped = type === undefined || type === 'message';
  const hasParts = Array.isArray(content) && content.every(isAllowedPart);
  const { length } = Object.keys(message);
  return isTyped && role === 'user' && (typeof content === 'string' || hasParts) && length <= 3;
}

test('any JSON is either refused with the place, or has only the allowed shapes', () => {
  let accepted = 0;
  fc.assert(
    fc.property(anyInput, (input) => {
      let read: JsonValue;
      try {
        read = JSON.parse(JSON.stringify(readVisitorInput(input)));
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
        expect(error).toMatchObject({
          ...{ status: 400, code: 'invalid_input' },
          message: expect.stringMatching(/^'input(?:\[\d+\](?:\.\w+(?:\[\d+\](?:\.\w+)?)?)?)?' .{10,}\.$/s),
        });
        return;
      }
      accepted += 1;
      expect(read).toEqual(input);
      expect(typeof read === 'string' || (Array.isArray(read) && read.every(isAllowedMessage))).toBe(true);
    }),
    { numRuns: 3_000 },
  );
  expect(accepted).toBeGreaterThan(300);
});
