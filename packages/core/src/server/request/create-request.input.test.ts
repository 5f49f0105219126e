import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../wire/json.ts';
import { sent, user } from '../../../test-support/checked-create.ts';

describe('input items', () => {
  test('an item with a role and no type is sent as a message, so that the API reads it as checked', async () => {
    expect(await sent({ input: [{ role: 'user', content: 'hi' }] })).toEqual({ model: 'm', input: [user] });
  });

  test.each<JsonObject>([
    { id: 'msg_1' },
    { type: null, id: 'msg_1' },
    { type: 'item_reference', id: 'msg_1' },
    { type: 'image_generation_call', id: 'ig_1' },
    { type: 'additional_tools', role: 'developer', tools: [{ type: 'mcp', server_url: 'https://x.test' }] },
    { type: 'tool_search_output', tools: [{ type: 'web_search' }] },
    { type: 'compaction_trigger' },
    { type: 'web_search_call', id: 'ws_1' },
    { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
    { type: 'computer_call_output', call_id: 'call_1', output: {} },
    { type: 'something_new' },
    { type: ['message'] },
    { type: 'message', role: 'user', content: 'hi', tools: [{ type: 'web_search' }] },
  ])('refuses %j', async (item) => {
    await expect(sent({ input: [item] })).rejects.toMatchObject({ status: 400 });
  });

  test('refuses an item that is not an object', async () => {
    await expect(sent({ input: ['hi'] })).rejects.toMatchObject({ status: 400 });
    await expect(sent({ input: [[user]] })).rejects.toMatchObject({ status: 400 });
    await expect(sent({ input: [null] })).rejects.toMatchObject({ status: 400 });
  });

  test('accepts items of an allowed hosted tool, and refuses those of others', async () => {
    const allow = { models: ['m'], hostedTools: ['web_search', 'mcp:docs'] };
    const items = [
      {
        type: 'web_search_call',
        id: 'ws_1',
        status: 'completed',
        action: { type: 'open_page', url: 'https://a.test' },
      },
      {
        type: 'mcp_list_tools',
        id: 'mcpl_1',
        server_label: 'docs',
        tools: [{ name: 'search', input_schema: {} }],
      },
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
    ];
    expect(await sent({ input: items }, { allow })).toMatchObject({ input: items });
    await expect(
      sent({ input: [{ type: 'file_search_call', id: 'fs_1' }] }, { allow }),
    ).rejects.toMatchObject({ status: 400 });
  });

  const wire = ['configuration_update', 'compaction_trigger', 'additional_tools', 'tool_search_output'];

  test.each<JsonObject>([
    { type: 'configuration_update', reasoning: { effort: 'high' } },
    { type: 'compaction_trigger' },
    { type: 'additional_tools', role: 'developer', tools: [{ type: 'function', name: 'f', parameters: {} }] },
    { type: 'tool_search_output', call_id: null, tools: [{ type: 'web_search' }] },
  ])('accepts items of openai 7.59 that the site lists: %j', async (item) => {
    await expect(sent({ input: [item] })).rejects.toMatchObject({ code: 'item_not_allowed' });
    const allow = { models: ['m'], inputItems: wire, hostedTools: ['web_search'] };
    expect(await sent({ input: [item] }, { allow })).toMatchObject({ input: [item] });
  });

  test.each<JsonObject>([
    { type: 'mcp', server_label: 'x', server_url: 'https://evil.test' },
    { type: 'web_search', search_context_size: 'high' },
    { type: 'function', name: 'f', parameters: {}, async: true },
    { type: 'code_interpreter', container: { type: 'auto' } },
  ])('refuses a tool in an item by the same rules as in `tools`: %j', async (tool) => {
    const allow = { models: ['m'], inputItems: wire, hostedTools: ['web_search'] };
    for (const type of ['additional_tools', 'tool_search_output']) {
      await expect(sent({ input: [{ type, tools: [tool] }] }, { allow })).rejects.toMatchObject({
        code: 'tool_not_allowed',
        details: { param: expect.stringContaining('input[0].tools[0]') },
      });
      await expect(sent({ input: [{ type, tools: { 0: tool } }] }, { allow })).rejects.toMatchObject({
        status: 400,
      });
    }
  });

  test('accepts replayed items of tool search and of programs if those tools are allowed', async () => {
    const input = [
      { type: 'tool_search_call', id: 'ts_1', call_id: null, execution: 'server', arguments: { query: 'x' } },
      { type: 'tool_search_output', id: 'tso_1', call_id: null, tools: [{ type: 'function', name: 'f' }] },
      { type: 'program', id: 'prog_1', call_id: 'call_1', code: 'f()', fingerprint: 'x' },
      { type: 'program_output', id: 'po_1', call_id: 'call_1', result: '1', status: 'completed' },
    ];
    await expect(sent({ input })).rejects.toMatchObject({ code: 'item_not_allowed' });
    const allow = { models: ['m'], hostedTools: ['tool_search', 'programmatic_tool_calling'] };
    expect(await sent({ input }, { allow })).toMatchObject({ input });
  });

  test('accepts an item with a reference that the site allows', async () => {
    const authorizeReference = (_: unknown, kind: string, id: string): boolean =>
      kind === 'item' && id === 'msg_mine';
    expect(await sent({ input: [{ id: 'msg_mine' }] }, { authorizeReference })).toMatchObject({
      input: [{ type: 'item_reference', id: 'msg_mine' }],
    });
    await expect(sent({ input: [{ id: 'msg_hers' }] }, { authorizeReference })).rejects.toMatchObject({
      status: 400,
    });
  });
});
