import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../../../agent/define-agent.ts';
import { tool } from '../../../agent/tool.ts';
import type { OutputItem } from '../../../wire/items.ts';
import type { JsonObject } from '../../../wire/json.ts';
import { opaqueId } from './opaque-ids.ts';
import { redactInput, redactItem } from './redact-item.ts';
import { redactionOf } from './redaction.ts';

const parameters = z.object({});
const open = tool({ name: 'open', parameters });
const closed = tool({ name: 'closed', parameters, private: true });
const inNamespace = { type: 'namespace', name: 'crm', description: 'x', tools: [closed] };
const scopeOf = (agent: Parameters<typeof redactionOf>[0]) => ({ redaction: redactionOf(agent), runId: 'r' });
const mixed = scopeOf(defineAgent({ name: 'a', model: 'm', tools: [open, closed] }));
const allOpen = scopeOf(defineAgent({ name: 'a', model: 'm', tools: [open] }));

const base = { id: 'i1', status: 'completed' };
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

test('the id of an item does not contain the id of its response', () => {
  const item = { type: 'message', role: 'assistant', content: 'Hi' };
  const idOf = (id: string): unknown => redactItem({ ...item, id }, mixed).item.id;
  expect(idOf('msg_resp_68af_0')).toBe(`msg_${opaqueId('resp_68af_0', 'r')}`);
  expect(idOf('msg_resp_68af_1')).not.toBe(idOf('msg_resp_68af_0'));
  expect(idOf('msg_68af')).toBe('msg_68af');
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
    { type: 'message', role: 'system', id: 'm1', content: 'x' },
    { type: 'message', role: 'oracle', content: 'x' },
    { type: 'function_call_output', call_id: 'c1', output: 'x' },
    { id: 'i1', extra: 'x' },
  ];
  expect(redactInput([...shown, ...added], mixed)).toEqual([
    ...shown,
    {},
    { type: 'message', id: 'm1' },
    { type: 'message' },
    { type: 'function_call_output' },
    { id: 'i1' },
  ]);
  expect(redactInput('Hello', mixed)).toBe('Hello');
});
