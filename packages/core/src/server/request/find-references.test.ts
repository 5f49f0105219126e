import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { findReferences } from './find-references.ts';

describe('finds ids that OpenAI looks up with the server’s key, and URLs that OpenAI fetches:', () => {
  test.each<[JsonValue, object]>([
    [[{ type: 'item_reference', id: 'msg_1' }], { kind: 'item', id: 'msg_1', param: 'input[0]' }],
    [
      [{ type: 'image_generation_call', id: 'ig_1', result: null }],
      { kind: 'item', id: 'ig_1', param: 'input[0]' },
    ],
    [
      [{ content: [{ type: 'input_file', file_id: 'file-1' }] }],
      { kind: 'file', id: 'file-1', param: 'input[0].content[0].file_id' },
    ],
    [
      [{ type: 'code_interpreter_call', container_id: 'cntr_1' }],
      { kind: 'container', id: 'cntr_1', param: 'input[0].container_id' },
    ],
    [
      [{ tools: [{ vector_store_ids: ['vs_1'] }] }],
      { kind: 'vector_store', id: 'vs_1', param: 'input[0].tools[0].vector_store_ids' },
    ],
    [
      [{ a: { server_url: 'https://mcp.test' } }],
      { kind: 'mcp_server', id: 'https://mcp.test', param: 'input[0].a.server_url' },
    ],
    [
      [{ a: { connector_id: 'connector_gmail' } }],
      { kind: 'connector', id: 'connector_gmail', param: 'input[0].a.connector_id' },
    ],
    [[{ a: { tunnel_id: 't_1' } }], { kind: 'connector', id: 't_1', param: 'input[0].a.tunnel_id' }],
    [[{ a: { skill_id: 'skill_1' } }], { kind: 'skill', id: 'skill_1', param: 'input[0].a.skill_id' }],
    [
      [{ conversation: { id: 'conv_1' } }],
      { kind: 'conversation', id: 'conv_1', param: 'input[0].conversation' },
    ],
    [[{ prompt: { id: 'pmpt_1' } }], { kind: 'prompt', id: 'pmpt_1', param: 'input[0].prompt' }],
    [
      [{ image_url: 'https://site.test/a.png' }],
      { kind: 'url', id: 'https://site.test/a.png', param: 'input[0].image_url' },
    ],
    [
      [{ file_url: 'http://169.254.169.254/' }],
      { kind: 'url', id: 'http://169.254.169.254/', param: 'input[0].file_url' },
    ],
    [
      [{ image_url: ' data:image/png;base64,AA==' }],
      { kind: 'url', id: ' data:image/png;base64,AA==', param: 'input[0].image_url' },
    ],
    [[{ response_id: 'resp_1' }], { kind: 'response', id: 'resp_1', param: 'input[0].response_id' }],
  ])('%j', (input, reference) => {
    expect(findReferences(input, 'input')).toEqual([reference]);
  });
});

test('returns a reference with `id: undefined` if there is no usable id; the site cannot allow such a reference', () => {
  expect(findReferences({ container: { type: 'auto' } }, '')).toEqual([
    { kind: 'container', id: undefined, param: 'container' },
  ]);
  expect(findReferences({ file_id: 7 }, '')).toEqual([{ kind: 'file', id: undefined, param: 'file_id' }]);
  expect(findReferences({ image_url: { url: 'data:' } }, '')).toEqual([
    { kind: 'url', id: undefined, param: 'image_url' },
  ]);
});

test('finds each of several references', () => {
  const found = findReferences(
    { file_ids: ['file-1', 'file-2'], container: { id: 'cntr_1', file_ids: ['file-3'] } },
    '',
  );
  expect(found.map(({ id }) => id)).toEqual(['file-1', 'file-2', 'cntr_1', 'file-3']);
});

test('ignores content in the request, and null values', () => {
  const input = [
    { role: 'user', content: 'See file_id file-1 at https://site.test' },
    {
      type: 'function_call_output',
      call_id: 'call_1',
      output: [{ type: 'input_image', image_url: 'data:image/png;base64,AA==', file_id: null }],
    },
    { type: 'reasoning', id: 'rs_1', encrypted_content: '…', summary: [] },
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      content: [
        { type: 'output_text', text: 'hi', annotations: [{ type: 'url_citation', url: 'https://a.test' }] },
      ],
    },
    { type: 'image_generation_call', id: 'ig_1', result: 'AA==' },
    { role: 'user', content: 'https://site.test/a.png' },
    { type: 'reasoning', id: 'rs_2', content: [{ type: 'reasoning_text', text: 'x' }], summary: [] },
    { type: 'compaction', id: 'cmp_1', encrypted_content: 'x' },
    {
      type: 'message',
      id: 'msg_2',
      role: 'assistant',
      phase: 'commentary',
      content: [{ type: 'refusal', refusal: 'no' }],
    },
    { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '', async: true },
    {
      type: 'function_call_output',
      call_id: 'call_1',
      output: '',
      caller: { type: 'program', caller_id: 'call_9' },
    },
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'c', input: 'https://a.test' },
    { type: 'program', id: 'prog_1', call_id: 'call_9', code: 'fetch("https://a.test")', fingerprint: 'x' },
    { type: 'program_output', id: 'po_1', call_id: 'call_9', result: 'https://a.test', status: 'completed' },
    { type: 'tool_search_call', id: 'ts_1', call_id: null, arguments: { query: 'x' }, execution: 'server' },
    { type: 'message', id: 'msg_3', role: 'assistant', content: 'x', agent: { agent_name: '/root/a' } },
    {
      type: 'web_search_call',
      id: 'ws_1',
      action: {
        type: 'search',
        queries: ['https://a.test'],
        sources: [{ type: 'url', url: 'https://a.test' }],
      },
    },
    {
      type: 'web_search_call',
      id: 'ws_2',
      action: { type: 'find_in_page', url: 'https://a.test', pattern: 'x' },
    },
    {
      type: 'mcp_list_tools',
      id: 'mcpl_1',
      server_label: 'docs',
      tools: [
        { name: 'f', input_schema: { properties: { file_id: { type: 'string' }, url: { format: 'uri' } } } },
      ],
    },
    {
      type: 'mcp_call',
      id: 'mcp_1',
      name: 'f',
      arguments: '{"url":"https://a.test"}',
      output: 'https://a.test',
    },
    {
      type: 'configuration_update',
      id: 'cu_1',
      text: { format: { schema: { properties: { file_id: {} } } } },
    },
    {
      type: 'computer_call',
      id: 'cu_1',
      call_id: 'call_3',
      action: { type: 'click', x: 1, y: 2 },
      pending_safety_checks: [{ id: 'sc_1', code: 'x', message: 'y' }],
    },
  ];
  expect(findReferences(input, 'input')).toEqual([]);
});

test.each<JsonObject>([
  { type: 'function_call', call_id: 'c', name: 'f', arguments: '' },
  { type: 'custom_tool_call', call_id: 'c', name: 'f', input: '' },
  { type: 'mcp_call', server_label: 'docs', name: 'f', arguments: '', output: null, error: null },
  { type: 'mcp_approval_request', server_label: 'docs', name: 'f', arguments: '' },
  { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: false },
  { type: 'mcp_list_tools', server_label: 'docs', tools: [{ name: 'f', input_schema: {} }] },
  { type: 'mcp_list_tools', server_label: 'docs', tools: [], error: 'x' },
  { type: 'file_search_call', status: 'completed', queries: ['x'], results: null },
  { type: 'computer_call', call_id: 'c', action: { type: 'click', x: 0, y: 0 } },
  { type: 'shell_call', call_id: 'c', action: { commands: ['ls'] } },
  { type: 'shell_call_output', call_id: 'c', output: [{ outcome: { type: 'exit', exit_code: 0 } }] },
  { type: 'apply_patch_call', call_id: 'c', operation: { type: 'delete_file', path: 'x' } },
  { type: 'tool_search_output', call_id: null, tools: [{ type: 'function', name: 'f' }] },
  { type: 'configuration_update', reasoning: { effort: null } },
  { type: 'configuration_update', text: { format: { type: 'text' } } },
  { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'x' }] },
])('finds no reference in an item that carries its content: %j', (item) => {
  expect(findReferences([{ ...item, id: 'x_1' }], 'input')).toEqual([]);
});

test('finds a reference at any depth and next to any field', () => {
  const place = fc.letrec<{ place: (inner: JsonValue) => JsonValue }>((tie) => ({
    place: fc.oneof(
      { depthSize: 'small' },
      fc.constant((inner: JsonValue): JsonValue => inner),
      fc
        .tuple(
          fc.constantFrom('content', 'output', 'a', 'type', 'tools'),
          fc.jsonValue({ maxDepth: 1 }),
          tie('place'),
        )
        .map(
          ([key, neighbour, outer]) =>
            (inner: JsonValue) =>
              outer({ x: neighbour as JsonValue, [key]: inner }),
        ),
      fc.tuple(fc.nat({ max: 3 }), tie('place')).map(
        ([before, outer]) =>
          (inner: JsonValue) =>
            outer([...Array.from({ length: before }, () => 'x'), inner]),
      ),
    ),
  })).place;
  fc.assert(
    fc.property(place, (hide) => {
      expect(findReferences(hide({ file_id: 'file-hidden' }), '').map(({ id }) => id)).toContain(
        'file-hidden',
      );
    }),
  );
});
