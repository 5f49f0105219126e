import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { toolOutput } from './tool-result.ts';

class Wrapper {
  readonly #value = 1;
  get value(): number {
    return this.#value;
  }
}

class Sized {
  readonly size = 3;
}

class WithToJson {
  toJSON(): object {
    return {};
  }
}

function* generator(): Generator<number> {
  yield 1;
}

const circle: { self?: unknown } = {};
circle.self = circle;

describe('toolOutput sends a result', () => {
  test.each<[string, unknown, string]>([
    ['undefined, because the API requires an output', undefined, 'null'],
    ['null', null, 'null'],
    ['0', 0, '0'],
    ['false', false, 'false'],
    ['an object', { tempC: 21 }, '{"tempC":21}'],
    ['an empty list', [], '[]'],
    [
      'a list of mixed values',
      [{ type: 'input_text', text: 'Hi' }, 5],
      '[{"type":"input_text","text":"Hi"},5]',
    ],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['NaN', Number.NaN, 'null'],
    ['an empty object', {}, '{}'],
    ['an object without a prototype', Object.create(null), '{}'],
    ['an object of another realm', runInNewContext('({})'), '{}'],
    ['an object whose values JSON omits', { f: () => 1, u: undefined }, '{}'],
    ['a Map, as an object', new Map([['a', { b: 1 }]]), '{"a":{"b":1}}'],
    ['a Map of numbers', new Map([[7, 'seven']]), '{"7":"seven"}'],
    ['an empty Map', new Map(), '{}'],
    ['a Set, as a list', new Set([1, 'a']), '[1,"a"]'],
    ['an instance with fields of its own', new Sized(), '{"size":3}'],
    ['an instance with `toJSON`', new WithToJson(), '{}'],
    ['a nested Map, as in JSON', { m: new Map([['a', 1]]) }, '{"m":{}}'],
  ])('as JSON: %s', (_name, result, output) => {
    expect(toolOutput(result)).toEqual({ output, json: true });
  });

  test.each(['', 'Sunny, 21 °C', '{"a":1}', ' \n'])('unchanged if it is text: %j', (text) => {
    expect(toolOutput(text)).toEqual({ output: text, json: false });
  });

  test('as a copy of the content if it is a list of parts', () => {
    const parts = [
      { type: 'input_text', text: 'A map' },
      { type: 'input_image', image_url: 'data:image/png;base64,AA==' },
      { type: 'input_file', file_id: 'file_1' },
    ];
    const { output, json } = toolOutput(parts);
    expect(output).toEqual(parts);
    expect(output).not.toBe(parts);
    expect(json).toBe(false);
  });
});

test('toolOutput keeps only the fields of a part that the API knows, because the API refuses others', () => {
  const extra = { cache_control: { type: 'ephemeral' }, id: 'part_1', annotations: [], _meta: {} };
  const parts = [
    { type: 'input_text', text: 'A', prompt_cache_breakpoint: { mode: 'explicit' } },
    { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'low' },
    { type: 'input_file', file_data: 'data:text/plain;base64,AA==', filename: 'a.txt', detail: 'high' },
  ];
  const given = parts.map((part) => ({ ...part, ...extra }));
  expect(toolOutput(given).output).toEqual(parts);
  const misplaced = [{ type: 'input_text', text: 'A', detail: 'low', filename: 'a.txt' }];
  expect(toolOutput(misplaced).output).toEqual([{ type: 'input_text', text: 'A' }]);
});

test.each<[string, unknown]>([
  ['a circle', circle],
  ['a bigint', 10n],
  ['a function', () => 'late'],
  ['a symbol', Symbol('s')],
  ['a Response', new Response('x')],
  ['an Error', new Error('soft failure')],
  ['a WeakMap', new WeakMap()],
  ['a generator', generator()],
  ['a promise’s wrapper', new Wrapper()],
  ['URLSearchParams', new URLSearchParams('a=1')],
  ['Headers', new Headers()],
  ['a RegExp', /x/],
  ['an ArrayBuffer', new ArrayBuffer(8)],
  ['a Map with objects as keys', new Map([[{}, 1]])],
  [
    'a Map with keys that become the same string',
    new Map<unknown, number>([
      [1, 1],
      ['1', 2],
    ]),
  ],
  [
    'an object with a getter that throws',
    {
      get tempC() {
        throw new TypeError('unplugged');
      },
    },
  ],
])('toolOutput rejects %s', (_name, result) => {
  expect(() => toolOutput(result)).toThrow(TypeError);
});

test.each<[string, unknown, string]>([
  [
    'a Response',
    new Response('x'),
    'the tool returned a Response, which JSON cannot represent: return text or plain data',
  ],
  ['an Error', new RangeError('too far'), 'the tool returned a RangeError (too far)'],
  ['a generator', generator(), 'the tool returned a Generator,'],
  ['a Map with objects as keys', new Map([[{}, 1]]), 'the tool returned a Map whose keys are not text'],
  ['a class instance', new Wrapper(), 'the tool returned a Wrapper'],
])('the error names the rejected value: %s (issue 22)', (_name, result, message) => {
  expect(() => toolOutput(result)).toThrow(message);
});

test.each<[string, () => unknown, string]>([
  ['a text', () => 'x'.repeat(10_485_761), 'a text of 10485761 characters. The API accepts at most 10485760'],
  ['an object', () => ({ a: 'x'.repeat(10_485_760) }), 'JSON of 10485768 characters'],
  ['a text part', () => [{ type: 'input_text', text: 'x'.repeat(10_485_761) }], '`text` of 10485761'],
  ['an image', () => [{ type: 'input_image', image_url: 'x'.repeat(20_971_521) }], 'at most 20971520'],
])(
  'toolOutput rejects a result over the API’s limit, and names the limit: %s (issue 38)',
  (_name, make, message) => {
    expect(() => toolOutput(make())).toThrow(message);
  },
);

test('toolOutput accepts a result at the API’s limit', () => {
  expect(toolOutput('x'.repeat(10_485_760)).output).toHaveLength(10_485_760);
});

test.each<[string, object, string]>([
  ['a text part without text', { type: 'input_text' }, 'an input_text part without `text`'],
  [
    'an image in the format of Chat Completions',
    { type: 'input_image', image_url: { url: 'https://a.test/b.png' } },
    'an input_image part without `file_id` or `image_url`',
  ],
  [
    'a file without its data',
    { type: 'input_file', filename: 'a.pdf' },
    'an input_file part without `file_data` or `file_id` or `file_url`',
  ],
])('toolOutput rejects content that the API would refuse: %s', (_name, part, message) => {
  expect(() => toolOutput([{ type: 'input_text', text: 'A map' }, part])).toThrow(message);
});

class Part {
  get type(): string {
    return 'input_text';
  }
  get text(): string {
    return 'Hi';
  }
}

describe('toolOutput checks content after its conversion to JSON:', () => {
  const text = { type: 'input_text', text: 'Hi' };
  test.each<[string, unknown, string]>([
    ['parts with getters', [new Part()], '[{}]'],
    ['parts with `toJSON`', [{ ...text, toJSON: () => null }], '[null]'],
    ['a list with `toJSON`', Object.assign([text], { toJSON: () => ({ a: 1 }) }), '{"a":1}'],
    [
      'a list with a gap',
      Object.assign(Array(3), { 0: text, 2: text }),
      `[${JSON.stringify(text)},null,${JSON.stringify(text)}]`,
    ],
  ])('%s is sent as JSON', (_name, result, output) => {
    expect(toolOutput(result)).toEqual({ output, json: true });
  });

  test('a URL in a part is sent as its text', () => {
    const image = { type: 'input_image', image_url: new URL('https://a.test/b.png') };
    expect(toolOutput([image]).output).toEqual([{ type: 'input_image', image_url: 'https://a.test/b.png' }]);
  });

  test.each<[string, object]>([
    ['file_data', { type: 'input_file', file_id: 'file-1', file_data: new Uint8Array(1) }],
    ['image_url', { type: 'input_image', file_id: 'file-1', image_url: { url: 'https://a.test' } }],
    ['image_url', { type: 'input_image', image_url: 'iVBORw0KGgo=' }],
    ['image_url', { type: 'input_image', image_url: '' }],
    ['filename', { type: 'input_file', file_id: 'file-1', filename: 5 }],
    ['detail', { type: 'input_image', file_id: 'file-1', detail: 5 }],
  ])('a `%s` that the API does not accept is rejected: %o', (field, part) => {
    expect(() => toolOutput([part])).toThrow(`with a \`${field}\` that the API does not accept`);
  });

  test.each(['https://a.test/b.png', 'data:image/png;base64,AA==', 'HTTP://a.test', 'gs://bucket/b.png'])(
    'an image at %s is sent',
    (url) => {
      const part = { type: 'input_image', image_url: url, file_id: null, detail: null };
      expect(toolOutput([part]).output).toEqual([part]);
    },
  );
});
