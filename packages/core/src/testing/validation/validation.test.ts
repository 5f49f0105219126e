import { describe, expect, test } from 'vitest';
import { api, facts } from '../../../test-support/emulator-answers.ts';

const call = { type: 'function_call', call_id: 'call_x', name: 'f', arguments: '{}' };

const output = { type: 'function_call_output', call_id: 'call_x', output: 'done' };

const user = { role: 'user', content: 'Hi' };

describe('requests are refused with the API’s messages', () => {
  test.each<[string, object, unknown[]]>([
    [
      'a call without output',
      { input: [user, call] },
      [400, 'No tool output found for function call call_x.', 'input', null],
    ],
    [
      'an output without call',
      { input: [user, output] },
      [400, 'No tool call found for function call output with call_id call_x.', 'input', null],
    ],
    [
      'a temperature out of range',
      { temperature: -1 },
      [
        400,
        "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
        'temperature',
        'decimal_below_min_value',
      ],
    ],
    [
      'max_output_tokens below 16',
      { max_output_tokens: 5 },
      [
        400,
        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.",
        'max_output_tokens',
        'integer_below_min_value',
      ],
    ],
    [
      'an unknown parameter',
      { retries: 3 },
      [400, "Unknown parameter: 'retries'.", 'retries', 'unknown_parameter'],
    ],
    [
      'a wrong type',
      { background: 'yes' },
      [
        400,
        "Invalid type for 'background': expected a boolean, but got a string instead.",
        'background',
        'invalid_type',
      ],
    ],
    [
      'a missing output (JSON omits undefined)',
      { input: [user, call, { type: 'function_call_output', call_id: 'call_x' }] },
      [
        400,
        "Missing required parameter: 'input[2].output'.",
        'input[2].output',
        'missing_required_parameter',
      ],
    ],
    [
      'an output that is an object',
      { input: [user, call, { ...output, output: { a: 1 } }] },
      [
        400,
        "Invalid type for 'input[2].output': expected one of an array of objects or string, but got an object instead.",
        'input[2].output',
        'invalid_type',
      ],
    ],
    [
      'a call id longer than 64 characters',
      { input: [user, { ...call, call_id: 'c'.repeat(65) }] },
      [
        400,
        "Invalid 'input[1].call_id': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
        'input[1].call_id',
        'string_above_max_length',
      ],
    ],
    [
      'a call_… id in place of the item id',
      { input: [user, { ...call, id: 'call_x' }, output] },
      [
        400,
        "Invalid 'input[1].id': 'call_x'. Expected an ID that begins with 'fc'.",
        'input[1].id',
        'invalid_value',
      ],
    ],
    [
      'a field that input items do not have',
      { input: [user, { ...call, parsed_arguments: {} }, output] },
      [
        400,
        "Unknown parameter: 'input[1].parsed_arguments'.",
        'input[1].parsed_arguments',
        'unknown_parameter',
      ],
    ],
    [
      'reasoning without the item that follows it',
      { input: [user, { type: 'reasoning', id: 'rs_x', summary: [], encrypted_content: 'gAAA' }] },
      [
        400,
        "Item 'rs_x' of type 'reasoning' was provided without its required following item.",
        'input',
        null,
      ],
    ],
    [
      'reasoning with an unknown id and without encrypted content',
      { input: [user, { type: 'reasoning', id: 'rs_x', summary: [] }, { role: 'assistant', content: 'Hi' }] },
      [
        404,
        "Item with id 'rs_x' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.",
        'input',
        null,
      ],
    ],
    [
      'a repeated item',
      { input: [user, { ...call, id: 'fc_1' }, { ...call, id: 'fc_1' }, output] },
      [
        400,
        'Duplicate item found with id fc_1. Remove duplicate items from your input and try again.',
        'input',
        null,
      ],
    ],
    [
      'an unknown previous response',
      { previous_response_id: 'resp_x' },
      [
        400,
        "Previous response with id 'resp_x' not found.",
        'previous_response_id',
        'previous_response_not_found',
      ],
    ],
    [
      'a tool name with spaces',
      { tools: [{ type: 'function', name: 'get weather', parameters: null, strict: false }] },
      [
        400,
        "Invalid 'tools[0].name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
        'tools[0].name',
        'invalid_value',
      ],
    ],
    [
      'an open strict schema',
      {
        tools: [
          {
            type: 'function',
            name: 'f',
            parameters: { type: 'object', properties: {}, required: [] },
            strict: true,
          },
        ],
      },
      [
        400,
        "Invalid schema for function 'f': In context=(), 'additionalProperties' is required to be supplied and to be false.",
        'tools[0].parameters',
        'invalid_function_parameters',
      ],
    ],
    [
      'a choice of a tool that is not in tools',
      { tool_choice: { type: 'function', name: 'f' } },
      [400, "Tool choice 'function' not found in 'tools' parameter.", 'tool_choice', null],
    ],
    [
      'a metadata value of 513 characters',
      { metadata: { run: 'x'.repeat(513) } },
      [
        400,
        "Invalid 'metadata.run': string too long. Expected a string with maximum length 512, but got a string with length 513 instead.",
        'metadata.run',
        'string_above_max_length',
      ],
    ],
    [
      '17 pairs of metadata',
      { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])) },
      [
        400,
        "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead.",
        'metadata',
        'object_above_max_properties',
      ],
    ],
    [
      'a model that is not a string',
      { model: 5 },
      [
        400,
        "Invalid type for 'model': expected a string, but got an integer instead.",
        'model',
        'invalid_type',
      ],
    ],
    [
      'an unknown tool_choice',
      { tool_choice: 'always' },
      [
        400,
        "Invalid value: 'always'. Supported values are: 'none', 'auto', and 'required'.",
        'tool_choice',
        'invalid_value',
      ],
    ],
    [
      'an unknown effort',
      { reasoning: { effort: 'huge' } },
      [
        400,
        "Invalid value: 'huge'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
        'reasoning.effort',
        'invalid_value',
      ],
    ],
    [
      'an unknown include',
      { include: ['reasoning.encrypted_content', 'everything'] },
      [
        400,
        "Invalid value: 'everything'. Supported values are: 'file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources', 'message.input_image.image_url', 'computer_call_output.output.image_url', 'code_interpreter_call.outputs', 'reasoning.encrypted_content', and 'message.output_text.logprobs'.",
        'include[1]',
        'invalid_value',
      ],
    ],
    [
      'a structured output without a schema',
      { text: { format: { type: 'json_schema', name: 'answer' } } },
      [
        400,
        "Missing required parameter: 'text.format.schema'.",
        'text.format.schema',
        'missing_required_parameter',
      ],
    ],
  ])('%s', async (_name, body, expected) => {
    const { create, emulator } = api();
    expect(facts(await create(body))).toEqual(expected);
    expect(emulator.generations).toBe(0);
  });

  test('the key is checked before the body, the model before other parameters, the previous response before the items', async () => {
    const { call: request, create } = api({ apiKey: 'secret', models: { 'gpt-4o': 'gpt-4o-2024-08-06' } });
    expect((await request('POST', '', 'no json')).status).toBe(401);
    const key = { authorization: 'Bearer secret' };
    expect((await request('POST', '', 'no json', key)).status).toBe(400);
    expect(JSON.stringify(await create({}))).not.toContain('secret');
    const wrong = { model: 'x', temperature: -1, previous_response_id: 'resp_x', input: [call] };
    const found = async (body: object): Promise<unknown> => facts(await request('POST', '', body, key))[2];
    expect(await found(wrong)).toBe('model');
    expect(await found({ ...wrong, model: 'gpt-4o' })).toBe('temperature');
    expect(await found({ ...wrong, model: 'gpt-4o', temperature: 1 })).toBe('previous_response_id');
  });
});
