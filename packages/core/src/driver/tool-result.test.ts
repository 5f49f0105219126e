import { describe, expect, test } from 'vitest';
import { toolOutput } from './tool-result.ts';

const circle: { self?: unknown } = {};
circle.self = circle;

describe('what a tool gives back is sent', () => {
  test.each<[string, unknown, string]>([
    ['undefined, which the API would miss', undefined, 'null'],
    ['null', null, 'null'],
    ['0', 0, '0'],
    ['false', false, 'false'],
    ['an object', { tempC: 21 }, '{"tempC":21}'],
    ['an empty list', [], '[]'],
    ['a list of anything', [{ type: 'input_text', text: 'Hi' }, 5], '[{"type":"input_text","text":"Hi"},5]'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['a number that is none', Number.NaN, 'null'],
  ])('as JSON: %s', (_name, result, output) => {
    expect(toolOutput(result)).toEqual({ output, json: true });
  });

  test.each(['', 'Sunny, 21 °C', '{"a":1}', ' \n'])('verbatim, where it is text: %j', (text) => {
    expect(toolOutput(text)).toEqual({ output: text, json: false });
  });

  test('but for half a character, which is none', () => {
    expect(toolOutput('Run 🏃'.slice(0, 5)).output).toBe('Run \ufffd');
  });

  test('as content, where it is a list of parts, and as a copy', () => {
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

test.each<[string, unknown]>([
  ['a circle', circle],
  ['a bigint', 10n],
  ['a function', () => 'late'],
  ['a symbol', Symbol('s')],
  [
    'what throws when it is read',
    {
      get tempC() {
        throw new TypeError('unplugged');
      },
    },
  ],
])('%s cannot be sent', (_name, result) => {
  expect(() => toolOutput(result)).toThrow(TypeError);
});
