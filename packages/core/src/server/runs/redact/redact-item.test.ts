import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../../../agent/define-agent.ts';
import { tool } from '../../../agent/tool.ts';
import type { OutputItem } from '../../../wire/items.ts';
import type { JsonObject } from '../../../wire/json.ts';
import { redactInput, redactItem } from './redact-item.ts';
import { redactionOf } from './redaction.ts';

const parameters = z.object({});
const open = tool({ name: 'open', parameters });
const closed = tool({ name: 'closed', parameters, private: true });
const inNamespace = { type: 'namespace', name: 'crm', description: 'x', tools: [closed] };
const scopeOf = (agent: Parameters<typeof redactionOf>[0]) => ({ redaction: redactionOf(agent), runId: 'r' });
const mixed = scopeOf(defineAgent({ name: 'a', model: 'm', tools: [open, closed] }));
const allOpen = scopeOf(defineAgent({ name: 'a', model: 'm', tools: [open] }));

const base = { status: 'completed' };
const call = (name: string, more: JsonObject = {}): OutputItem => ({
  ...{ ...base, type: 'function_call', call_id: 'c1', name, arguments: '{"a":1}', ...more },
});

describe('a call', () => {
  test('of a private tool keeps its type, id and status, and its entry names the call', () => {
    expect(redactItem(call('closed', { caller: { type: 'direct' } }), mixed)).toEqual({
      item: { ...base, type: 'function_call' },
      call: { callId: 'c1', name: 'closed' },
    });
  });

  test.each(['former', ''])('of a tool that the agent does not have is hidden too: "%s"', (name) => {
    expect(redactItem(call(name), allOpen).item).toEqual({ ...base, type: 'function_call' });
  });

  test('of a public tool is shown, and stays the same object', () => {
    const item = call('open');
    expect(redactItem(item, mixed)).toEqual({ item });
    expect(redactItem(item, mixed).item).toBe(item);
  });

  test('of a tool in a namespace is hidden by the tool in that namespace', () => {
    const agent = defineAgent({ name: 'a', model: 'm', tools: [open, inNamespace] });
    const { item, call: made } = redactItem(call('closed', { namespace: 'crm' }), scopeOf(agent));
    expect(item).not.toHaveProperty('arguments');
    expect(made).toEqual({ callId: 'c1', name: 'closed', namespace: 'crm' });
  });
});

test.each(['function_call_output', 'custom_tool_call_output', 'program', 'program_output'])(
  '%s, which does not name its tool, is hidden if the agent has a private tool',
  (type) => {
    const item = { ...base, type, call_id: 'c1', output: 'x', code: 'x', result: 'x' };
    expect(redactItem(item, mixed)).toEqual({ item: { ...base, type }, call: { callId: 'c1' } });
    expect(JSON.stringify(redactItem(item, allOpen).item)).toContain('"x"');
  },
);

test.each<[string, JsonObject, JsonObject]>([
  ['hologram_call', { payload: 1, content: [] }, {}],
  ['mcp_list_tools', { server_label: 'docs', tools: [{ name: 'a' }], error: 'x' }, { server_label: 'docs' }],
  ['tool_search_output', { execution: 'server', tools: [{ name: 'a' }] }, { execution: 'server' }],
  ['reasoning', { summary: [], encrypted_content: 'x' }, { summary: [] }],
  ['compaction', { encrypted_content: 'x' }, {}],
  ['mcp_call', { name: 'f', error: 'at host x' }, { name: 'f', error: 'The tool failed.' }],
  ['mcp_call', { name: 'f', error: null }, { name: 'f', error: null }],
  [
    'mcp_approval_request',
    { name: 'closed', arguments: '{"a":1}' },
    { name: 'closed', arguments: '{"a":1}' },
  ],
  [
    'file_search_call',
    { queries: ['q'], results: [{ filename: 'a', attributes: { team: 1 } }, 'odd'] },
    { queries: ['q'], results: [{ filename: 'a' }, 'odd'] },
  ],
  ['message', { role: 'assistant', content: 'Hi', created_by: 'x' }, { role: 'assistant', content: 'Hi' }],
])('%s is shown with the fields that a page may see', (type, fields, shown) => {
  expect(redactItem({ ...base, type, ...fields }, mixed).item).toEqual({ ...base, type, ...shown });
});

test('an item of a gateway whose id contains the id of its response', () => {
  const responseId = fc.oneof(
    fc.constantFrom(
      'resp_ab-cd',
      'chatcmpl-9aBc',
      'gen-1760000000-AbC',
      '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    ),
    fc.string({ minLength: 3 }),
  );
  const parts = fc.record({
    before: fc.constantFrom('', 'msg_', 'rs-'),
    after: fc.constantFrom('', '_0', '-1'),
  });
  const type = fc.constantFrom('message', 'reasoning', 'function_call', 'hologram_call', 'item_reference');
  fc.assert(
    fc.property(responseId, parts, type, (id, { before, after }, itemType) => {
      const item = { type: itemType, id: `${before}${id}${after}`, role: 'assistant' };
      const shown = redactItem(item, mixed).item.id;
      expect(shown).toMatch(/^item_[0-9a-f]{24}$/);
      expect(redactItem({ ...item }, mixed).item.id).toBe(shown);
      expect(redactItem({ ...item, id: `${item.id}x` }, mixed).item.id).not.toBe(shown);
      expect(redactInput([item], mixed)).toMatchObject([{ id: shown }]);
    }),
  );
});

test('a request of a hosted MCP server keeps its id, because a person decides about it by this id', () => {
  const item = { type: 'mcp_approval_request', id: 'mcpr_1', name: 'f', arguments: '{}' };
  expect(redactItem(item, mixed)).toEqual({ item });
});

test('annotations show no ids of files and containers, and content has no probabilities of tokens', () => {
  const annotations = [
    { type: 'url_citation', url: 'https://a.test', title: 'A', start_index: 0, end_index: 1 },
    { type: 'file_citation', file_id: 'file-1', filename: 'a.txt', index: 0 },
    { type: 'container_file_citation', container_id: 'cntr_1', file_id: 'cfile_1', filename: 'b.csv' },
    { type: 'file_path', file_id: 'file-2', index: 3 },
  ];
  const content = [
    { type: 'output_text', text: 'Hi', annotations, logprobs: [{ token: 'Hi', logprob: -0.1 }] },
  ];
  const item: OutputItem = { type: 'message', role: 'assistant', content };
  expect(redactItem(item, mixed).item['content']).toEqual([
    {
      ...{ type: 'output_text', text: 'Hi' },
      annotations: [
        annotations[0],
        { type: 'file_citation', filename: 'a.txt', index: 0 },
        { type: 'container_file_citation', filename: 'b.csv' },
        { type: 'file_path', index: 3 },
      ],
    },
  ]);
  const plain: OutputItem = { ...item, content: [{ type: 'output_text', text: 'Hi', annotations: [] }] };
  expect(redactItem(plain, mixed).item).toBe(plain);
});

test.each<[string, JsonObject, JsonObject]>([
  ['file_search_call', { results: [{ file_id: 'file-1', filename: 'a' }] }, { results: [{ filename: 'a' }] }],
  [
    'computer_call_output',
    { output: { type: 'computer_screenshot', file_id: 'file-1' } },
    { output: { type: 'computer_screenshot' } },
  ],
  [
    'function_call_output',
    { output: [{ type: 'input_file', file_id: 'f' }] },
    { output: [{ type: 'input_file' }] },
  ],
  [
    'tool_search_call',
    { arguments: { file_id: 'the model wrote it' } },
    { arguments: { file_id: 'the model wrote it' } },
  ],
])('%s shows no ids of files inside its fields', (type, fields, shown) => {
  expect(redactItem({ type, ...fields }, allOpen).item).toEqual({ type, ...shown });
});

test('an id or a status is only shown if it is text', () => {
  const item: OutputItem = JSON.parse('{"type":"hologram_call","id":{"x":1},"status":["x"]}');
  expect(redactItem(item, mixed).item).toEqual({ type: 'hologram_call' });
});

test('of an input, messages of the user and the assistant are shown, and what a server added is not', () => {
  const shown = [
    { role: 'user', content: 'Hello' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
  ];
  const added = [
    { role: 'developer', content: 'x' },
    { type: 'message', role: 'system', content: 'x' },
    { type: 'message', role: 'oracle', content: 'x' },
    { type: 'function_call_output', call_id: 'c1', output: 'x' },
    { extra: 'x' },
  ];
  expect(redactInput([...shown, ...added], mixed)).toEqual([
    ...shown,
    {},
    { type: 'message' },
    { type: 'message' },
    { type: 'function_call_output' },
    {},
  ]);
  expect(redactInput('Hello', mixed)).toBe('Hello');
});
