import { describe, expect, test } from 'vitest';
import { createEmulator } from '../index.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';

async function refusal(input: object, path = ''): Promise<readonly unknown[]> {
  const emulator = createEmulator({ script: () => ({ text: 'Hi' }), queuedMs: 0, runMs: 0 });
  const request = path === '' ? { model: 'gpt-4o', input: [input] } : { items: [input] };
  const response = await emulator.fetch(path === '' ? '/v1/responses' : path, {
    method: 'POST',
    body: JSON.stringify(request),
  });
  const json: unknown = await response.json();
  const body: JsonObject = isJsonObject(json) ? json : {};
  const error = isJsonObject(body['error']) ? body['error'] : {};
  return [response.status, error['message'], error['param'], error['code']];
}

const accepted = [200, undefined, undefined, undefined];
const place = 'input[0].content[0]';
const says = (...content: object[]): object => ({ role: 'assistant', content });
const asks = (...content: object[]): object => ({ role: 'user', content });

describe('messages are checked part by part', () => {
  test.each<[string, object, unknown[]]>([
    [
      'an assistant message with input parts (rust-genai 119)',
      says({ type: 'input_text', text: 'Hi' }),
      [
        400,
        "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
        place,
        'invalid_value',
      ],
    ],
    [
      'a user message with output parts',
      asks({ type: 'input_text', text: 'a' }, { type: 'output_text', text: 'b' }),
      [
        400,
        "Invalid value: 'output_text'. Supported values are: 'input_text', 'input_image', and 'input_file'.",
        'input[0].content[1]',
        'invalid_value',
      ],
    ],
    [
      'a part of Chat Completions (PraisonAI 3934)',
      asks({ type: 'text', text: 'Hi' }),
      [
        400,
        expect.stringMatching(/^Invalid value: 'text'\. Supported values are: 'input_text', /),
        `${place}.type`,
        'invalid_value',
      ],
    ],
    [
      'an unknown role (hermes-agent 5709)',
      { role: 'tool', content: 'Hi' },
      [
        400,
        "Invalid value: 'tool'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
        'input[0]',
        'invalid_value',
      ],
    ],
    [
      'content that is neither text nor parts',
      { role: 'user', content: 5 },
      [
        400,
        "Invalid type for 'input[0].content': expected one of an array of objects or string, but got an integer instead.",
        'input[0].content',
        'invalid_type',
      ],
    ],
    [
      'a part that is a string',
      { role: 'user', content: ['Hi'] },
      [
        400,
        `Invalid type for '${place}': expected an object, but got a string instead.`,
        place,
        'invalid_type',
      ],
    ],
    [
      'a part without a type',
      asks({ text: 'Hi' }),
      [400, `Missing required parameter: '${place}.type'.`, `${place}.type`, 'missing_required_parameter'],
    ],
    [
      'a text part without its text',
      asks({ type: 'input_text' }),
      [400, `Missing required parameter: '${place}.text'.`, `${place}.text`, 'missing_required_parameter'],
    ],
    [
      'a refusal without its text',
      says({ type: 'refusal' }),
      [
        400,
        `Missing required parameter: '${place}.refusal'.`,
        `${place}.refusal`,
        'missing_required_parameter',
      ],
    ],
    [
      'an image without a source',
      asks({ type: 'input_image', detail: 'auto' }),
      [
        400,
        `Missing mutually exclusive parameters: '${place}'. Ensure you are providing exactly one of: 'file_id' or 'image_url'.`,
        place,
        'missing_mutually_exclusive_parameters',
      ],
    ],
    [
      'a field of the client library in a part (`parsed`)',
      says({ type: 'output_text', text: '{}', annotations: [], parsed: {} }),
      [400, `Unknown parameter: '${place}.parsed'.`, `${place}.parsed`, 'unknown_parameter'],
    ],
    [
      'an unknown phase',
      { role: 'assistant', content: 'Hi', phase: 'bogus' },
      [
        400,
        "Invalid value: 'bogus'. Supported values are: 'commentary' and 'final_answer'.",
        'input[0].phase',
        'invalid_value',
      ],
    ],
    [
      'an unknown status',
      { type: 'message', role: 'assistant', content: [], status: 'bogus' },
      [
        400,
        "Invalid value: 'bogus'. Supported values are: 'in_progress', 'completed', and 'incomplete'.",
        'input[0].status',
        'invalid_value',
      ],
    ],
  ])('%s is refused', async (_name, input, expected) => {
    expect(await refusal(input)).toEqual(expected);
  });

  test('messages in a conversation are checked too', async () => {
    const [status, , param] = await refusal(says({ type: 'input_text', text: 'Hi' }), '/v1/conversations');
    expect([status, param]).toEqual([400, 'items[0].content[0]']);
  });

  test('tool outputs are checked too', async () => {
    const call = { type: 'function_call', call_id: 'call_x', name: 'f', arguments: '{}' };
    const emulator = createEmulator({ script: () => ({ text: 'Hi' }), queuedMs: 0, runMs: 0 });
    const output = { type: 'function_call_output', call_id: 'call_x', output: [{ type: 'input_image' }] };
    const body = JSON.stringify({ model: 'gpt-4o', input: [call, output] });
    const response = await emulator.fetch('/v1/responses', { method: 'POST', body });
    expect(await response.json()).toMatchObject({ error: { param: 'input[1].output[0]' } });
  });

  test.each<[string, object]>([
    ['a text', { role: 'developer', content: 'Be brief.' }],
    ['content without parts', says()],
    [
      'a text and an image',
      asks({ type: 'input_text', text: 'a' }, { type: 'input_image', image_url: 'data:,' }),
    ],
    ['an image of a file', asks({ type: 'input_image', detail: 'low', file_id: 'file_1', image_url: null })],
    ['a file', asks({ type: 'input_file', file_data: 'data:,', filename: 'a.pdf' })],
    [
      'a cache breakpoint',
      asks({ type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } }),
    ],
    [
      'an unchanged answer',
      { ...says({ type: 'output_text', text: 'a', annotations: [], logprobs: [] }), id: 'msg_1' },
    ],
    [
      'a refusal',
      { ...says({ type: 'refusal', refusal: 'No.' }), phase: 'final_answer', status: 'completed' },
    ],
    ['a phase of null', { ...says(), phase: null }],
  ])('%s is accepted', async (_name, input) => {
    expect(await refusal(input)).toEqual(accepted);
  });
});
