import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { findReferences } from './find-references.ts';

describe('finds a reference by its form, under any name (attack: references that no list names):', () => {
  test.each<[string, JsonValue, object]>([
    ['an empty list for a single value', { prompt: [] }, { kind: 'prompt', id: undefined, param: 'prompt' }],
    [
      'a list for a single value',
      { conversation: ['conv_1'] },
      { kind: 'conversation', id: undefined, param: 'conversation' },
    ],
    ['a list in a list', { file_ids: [['file-1']] }, { kind: 'file', id: undefined, param: 'file_ids' }],
    ['a boolean', { prompt: true }, { kind: 'prompt', id: undefined, param: 'prompt' }],
    [
      'an address under its usual name',
      { video_url: 'https://a.test/v.mp4' },
      { kind: 'url', id: 'https://a.test/v.mp4', param: 'video_url' },
    ],
    ['the same in camel case', { audioUrl: 'x' }, { kind: 'url', id: 'x', param: 'audioUrl' }],
    [
      'an address within an object',
      { source: { type: 'url', url: 'https://a.test/i.png' } },
      { kind: 'url', id: 'https://a.test/i.png', param: 'source.url' },
    ],
    [
      'an address under any key',
      { picture: 'HTTPS://a.test/i.png' },
      { kind: 'url', id: 'HTTPS://a.test/i.png', param: 'picture' },
    ],
    [
      'an address after a space',
      { picture: '\n ftp://a.test' },
      { kind: 'url', id: '\n ftp://a.test', param: 'picture' },
    ],
    ['an address that only lenient parsers accept', { src: 'http:a.test' }, { kind: 'url', param: 'src' }],
    ['an address without scheme', { src: '//a.test/x' }, { kind: 'url', id: '//a.test/x', param: 'src' }],
    ['an address that is encoded', { src: 'https%3A%2F%2Fa.test' }, { kind: 'url', param: 'src' }],
    ['an address with user info', { src: 'https:joe@[::1]' }, { kind: 'url', param: 'src' }],
    ['an address in a list', { pictures: ['s3://b/k'] }, { kind: 'url', id: 's3://b/k', param: 'pictures' }],
    ['an id of an unknown kind', { agent_id: 'ag_1' }, { kind: 'item', id: 'ag_1', param: 'agent_id' }],
    ['ids of an unknown kind', { memory_ids: ['m_1'] }, { kind: 'item', id: 'm_1', param: 'memory_ids' }],
    [
      'an object with only an id',
      { part: { type: 'input_file', id: 'file-1' } },
      { kind: 'item', id: 'file-1', param: 'part' },
    ],
    [
      'a response for comparison',
      { prompt_cache_options: { comparison_response_id: 'resp_1' } },
      { kind: 'response', id: 'resp_1', param: 'prompt_cache_options.comparison_response_id' },
    ],
  ])('%s', (_, value, reference) => {
    expect(findReferences(value, '')).toEqual([expect.objectContaining(reference)]);
  });
});

describe('finds an item without content, which the API would look up by its id (attack: reasoning by id):', () => {
  test.each<JsonObject>([
    { type: 'reasoning' },
    { type: 'reasoning', summary: [] },
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'x' }], status: 'completed' },
    { type: 'reasoning', summary: [], content: [], encrypted_content: null },
    { type: 'reasoning', summary: [], encrypted_content: '' },
    { type: 'compaction' },
    { type: 'compaction', encrypted_content: '' },
    { type: 'message', role: 'assistant' },
    { type: 'message', role: 'assistant', content: [] },
    { type: 'function_call', call_id: 'call_1' },
    { type: 'function_call_output', call_id: 'call_1' },
    { type: 'custom_tool_call' },
    { type: 'web_search_call', status: 'completed' },
    { type: 'file_search_call', status: 'completed' },
    { type: 'mcp_call', server_label: 'docs' },
    { type: 'mcp_list_tools', server_label: 'docs' },
    { type: 'program', call_id: 'call_1' },
    { type: 'program_output', call_id: 'call_1' },
    { type: 'tool_search_call', status: 'completed' },
    { type: 'additional_tools', role: 'developer' },
    { type: 'image_generation_call', result: '' },
    { type: 'novelty', status: 'completed', role: 'user' },
    // Attack: empty or irrelevant content, so that a reference looks like an item with content.
    { type: 'message', role: 'assistant', content: '' },
    { type: 'message', role: 'assistant', content: {} },
    { type: 'message', role: 'assistant', content: [{}] },
    { type: 'message', role: 'assistant', content: ['', ''] },
    { type: 'message', role: 'assistant', content: [[], null] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: '', annotations: [] }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', filler: 'x' }] },
    { type: 'message', role: 'assistant', filler: 'x' },
    { role: 'assistant', filler: { text: 'x' } },
    { type: 'reasoning', content: [{}], summary: [{ type: 'summary_text', text: 'x' }] },
    { type: 'reasoning', content: [{ type: 'reasoning_text', text: '' }] },
    { type: 'reasoning', content: '', filler: 'x' },
    { type: 'reasoning', encrypted_content: ['x'] },
    { type: 'compaction', filler: 'x' },
    { type: 'compaction_trigger', filler: 'x' },
    { type: 'function_call', call_id: 'c', arguments: '' },
    { type: 'function_call', call_id: 'c', name: 'f' },
    { type: 'function_call', call_id: 'c', name: '', arguments: '' },
    { type: 'function_call', call_id: 'c', filler: 1 },
    { type: 'function_call_output', call_id: 'c', output: '' },
    { type: 'function_call_output', call_id: 'c', output: [] },
    { type: 'function_call_output', call_id: 'c', output: ['', ''] },
    { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: '' }] },
    { type: 'function_call_output', call_id: 'c', output: '', caller: { type: 'program', caller_id: 'p' } },
    { type: 'custom_tool_call', name: 'c', filler: 'x' },
    { type: 'web_search_call', action: { type: 'search' } },
    { type: 'web_search_call', action: { type: 'search', queries: ['', ''] } },
    { type: 'file_search_call', queries: [], results: null, filler: 'x' },
    { type: 'mcp_call', name: 'f', output: 'x' },
    { type: 'mcp_list_tools', server_label: 'docs', tools: [], error: null },
    { type: 'shell_call_output', output: [{ stdout: '', stderr: '', outcome: { type: 'exit' } }] },
    { type: 'novelty', text: '', parts: [{ type: 'x', values: ['', []] }], name: 'x' },
  ])('%j', (item) => {
    expect(findReferences([{ ...item, id: 'x_1' }], 'input')).toEqual([
      { kind: 'item', id: 'x_1', param: 'input[0]' },
    ]);
    expect(findReferences([{ ...item, id: 7 }], 'input')).toEqual([
      { kind: 'item', id: undefined, param: 'input[0]' },
    ]);
  });
});

describe('finds an item within an item, with any fields (attack: nested items):', () => {
  test.each<JsonObject>([
    { type: 'item_reference', id: 'x_1', text: 'x' },
    { type: 'reasoning', id: 'x_1', summary: [{ type: 'summary_text', text: 'x' }] },
    { type: 'novelty', id: 'x_1', filler: 'x' },
    { type: 'input_file', id: 'x_1', filename: 'x' },
    { id: 'x_1', output: 'x' },
    { type: 'message', id: 'x_1', role: 'user', content: 'x' },
  ])('%j', (part) => {
    const found = expect.arrayContaining([expect.objectContaining({ kind: 'item', id: 'x_1' })]);
    expect(findReferences([{ role: 'user', content: [part] }], 'input')).toEqual(found);
    const output = { type: 'function_call_output', call_id: 'c', output: [part] };
    expect(findReferences([output], 'input')).toEqual(found);
    expect(findReferences([{ role: 'user', content: part }], 'input')).toEqual(found);
  });

  test('ignores a part with content', () => {
    const content = [{ type: 'output_text', id: 'x_1', text: 'x' }];
    expect(findReferences([{ role: 'user', content }], 'input')).toEqual([]);
  });
});
