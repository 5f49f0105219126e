import { describe, expect, test } from 'vitest';
import type { OutputItem } from '../../wire/items.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { createEmulator } from '../index.ts';

/** The events of a response with these items, between `response.in_progress` and the terminal event. */
async function streamed(...items: readonly OutputItem[]): Promise<readonly JsonObject[]> {
  const emulator = createEmulator({ script: [{ items, deltaSize: 4 }], queuedMs: 0, runMs: 0 });
  const body = JSON.stringify({ model: 'gpt-4o', input: 'Hi', background: true, stream: true });
  const text = await (await emulator.fetch('/v1/responses', { method: 'POST', body })).text();
  const events = [...text.matchAll(/^data: (.*)$/gm)].map((match): JsonObject => JSON.parse(match[1] ?? ''));
  return events.slice(3, -1).map(({ sequence_number: _number, ...event }) => event);
}

/** Events in short form: the type after `response.`, and the fields of the item or else of the event, without ids. */
function brief(events: readonly JsonObject[]): readonly string[] {
  return events.map(({ type, item, item_id: _id, output_index: _index, ...rest }) => {
    const name = String(type).replace('response.', '');
    const shown = isJsonObject(item) ? { ...item, id: undefined, type: undefined } : rest;
    return `${name} ${JSON.stringify(shown)}`;
  });
}

describe('hosted items are streamed as recorded (vercel/ai and openai-dotnet recordings)', () => {
  test('a code interpreter call has its code in deltas, and its outputs only when it is done', async () => {
    const call = { type: 'code_interpreter_call', container_id: 'cntr_1', status: 'completed' };
    const outputs = [{ type: 'logs', logs: '3' }];
    expect(brief(await streamed({ ...call, code: '1 + 2', outputs }))).toEqual([
      'output_item.added {"container_id":"cntr_1","status":"in_progress","code":"","outputs":[]}',
      'code_interpreter_call.in_progress {}',
      'code_interpreter_call_code.delta {"delta":"1 + "}',
      'code_interpreter_call_code.delta {"delta":"2"}',
      'code_interpreter_call_code.done {"code":"1 + 2"}',
      'code_interpreter_call.interpreting {}',
      'code_interpreter_call.completed {}',
      'output_item.done {"container_id":"cntr_1","status":"completed","code":"1 + 2","outputs":[{"type":"logs","logs":"3"}]}',
    ]);
    const [added] = await streamed({ ...call, code: '1', outputs: null });
    expect(added).toMatchObject({ item: { outputs: null } });
  });

  test('a shell call has events for each command, without item ids; the output of the container is the next item', async () => {
    const action = { commands: ['ls -a', 'pwd'], max_output_length: 100, timeout_ms: null };
    const shell = { type: 'shell_call', status: 'completed', call_id: 'call_x', action };
    const output = [{ outcome: { type: 'exit', exit_code: 0 }, stderr: '', stdout: 'a' }];
    const answer = { type: 'shell_call_output', status: 'completed', call_id: 'call_x', output };
    const events = await streamed(shell, answer);
    expect(brief(events)).toEqual([
      'output_item.added {"status":"in_progress","call_id":"call_x","action":{"commands":[],"max_output_length":null,"timeout_ms":null}}',
      'shell_call_command.added {"command_index":0,"command":""}',
      'shell_call_command.delta {"command_index":0,"delta":"ls -"}',
      'shell_call_command.delta {"command_index":0,"delta":"a"}',
      'shell_call_command.done {"command_index":0,"command":"ls -a"}',
      'shell_call_command.added {"command_index":1,"command":""}',
      'shell_call_command.delta {"command_index":1,"delta":"pwd"}',
      'shell_call_command.done {"command_index":1,"command":"pwd"}',
      `output_item.done ${JSON.stringify({ status: 'completed', call_id: 'call_x', action })}`,
      'output_item.added {"status":"completed","call_id":"call_x","output":[]}',
      'shell_call_output_content.delta {"command_index":0,"delta":{"stdout":"a"}}',
      `shell_call_output_content.done ${JSON.stringify({ command_index: 0, output })}`,
      `output_item.done ${JSON.stringify({ status: 'completed', call_id: 'call_x', output })}`,
    ]);
    const ids = events.filter(({ type }) => String(type).includes('shell_call_command'));
    for (const event of ids) expect(event).not.toHaveProperty('item_id');
    expect(events[10]).toHaveProperty('item_id');
  });

  test('an image has no result when it is added, and a partial image before the final one', async () => {
    const image = { type: 'image_generation_call', status: 'completed', result: 'aW1n', quality: 'low' };
    const events = await streamed({ ...image, size: '1024x1024', revised_prompt: 'A cat' });
    expect(brief(events)).toEqual([
      'output_item.added {"status":"in_progress"}',
      'image_generation_call.in_progress {}',
      'image_generation_call.generating {}',
      'image_generation_call.partial_image {"partial_image_index":0,"partial_image_b64":"aW1n","size":"1024x1024","quality":"low"}',
      'image_generation_call.completed {}',
      'output_item.done {"status":"completed","result":"aW1n","quality":"low","size":"1024x1024","revised_prompt":"A cat"}',
    ]);
  });

  test('a patch has its diff in deltas, unless it deletes a file', async () => {
    const patch = { type: 'apply_patch_call', status: 'completed', call_id: 'call_x' };
    const written = { type: 'create_file', diff: '+Milk', path: 'list.md' };
    expect(brief(await streamed({ ...patch, operation: written }))).toEqual([
      'output_item.added {"status":"in_progress","call_id":"call_x","operation":{"type":"create_file","diff":"","path":"list.md"}}',
      'apply_patch_call_operation_diff.delta {"delta":"+Mil"}',
      'apply_patch_call_operation_diff.delta {"delta":"k"}',
      'apply_patch_call_operation_diff.done {"diff":"+Milk"}',
      `output_item.done ${JSON.stringify({ status: 'completed', call_id: 'call_x', operation: written })}`,
    ]);
    const deleted = { type: 'delete_file', path: 'list.md' };
    expect(await streamed({ ...patch, operation: deleted })).toMatchObject([
      { type: 'response.output_item.added', item: { status: 'in_progress', operation: deleted } },
      { type: 'response.output_item.done' },
    ]);
  });

  test.each<[string, OutputItem, JsonObject, readonly string[]]>([
    [
      'a web search',
      { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'x' } },
      { status: 'in_progress' },
      ['web_search_call.in_progress', 'web_search_call.searching', 'web_search_call.completed'],
    ],
    [
      'a file search',
      { type: 'file_search_call', status: 'completed', queries: ['x'], results: [{ file_id: 'file_1' }] },
      { status: 'in_progress', queries: [], results: null },
      ['file_search_call.in_progress', 'file_search_call.searching', 'file_search_call.completed'],
    ],
    [
      'the tools of an MCP server',
      { type: 'mcp_list_tools', server_label: 'wiki', tools: [{ name: 'ask' }] },
      { server_label: 'wiki', tools: [] },
      ['mcp_list_tools.in_progress', 'mcp_list_tools.completed'],
    ],
    [
      'the tools of an MCP server that did not answer',
      { type: 'mcp_list_tools', server_label: 'wiki', tools: [], error: 'no answer' },
      { server_label: 'wiki', tools: [] },
      ['mcp_list_tools.in_progress', 'mcp_list_tools.failed'],
    ],
    [
      'a call of an MCP server, whose arguments are one delta',
      {
        type: 'mcp_call',
        status: 'completed',
        server_label: 'wiki',
        name: 'ask',
        arguments: '{"q":"a long question"}',
        output: 'x',
        error: null,
      },
      { status: 'in_progress', server_label: 'wiki', name: 'ask', arguments: '', output: null, error: null },
      ['mcp_call.in_progress', 'mcp_call_arguments.delta', 'mcp_call_arguments.done', 'mcp_call.completed'],
    ],
    [
      'a local shell call',
      {
        type: 'local_shell_call',
        status: 'completed',
        call_id: 'call_x',
        action: { type: 'exec', command: ['ls'], env: { A: 'b' } },
      },
      { status: 'in_progress', call_id: 'call_x', action: { type: 'exec', command: [], env: {} } },
      [],
    ],
    [
      'a tool search',
      {
        type: 'tool_search_call',
        status: 'completed',
        call_id: null,
        execution: 'server',
        arguments: { paths: ['a'] },
      },
      { status: 'in_progress', call_id: null, execution: 'server', arguments: {} },
      [],
    ],
    [
      'the output of a tool search',
      {
        type: 'tool_search_output',
        status: 'completed',
        call_id: null,
        execution: 'server',
        tools: [{ name: 'a' }],
      },
      { status: 'in_progress', call_id: null, execution: 'server', tools: [{ name: 'a' }] },
      [],
    ],
    [
      'a program',
      { type: 'program', call_id: 'call_p', code: 'text("x")', fingerprint: 'gAAAAAb' },
      { call_id: 'call_p', code: '', fingerprint: 'gAAAAA' },
      [],
    ],
    [
      'the output of a program',
      { type: 'program_output', status: 'completed', call_id: 'call_p', result: 'x' },
      { status: 'completed', call_id: 'call_p', result: '' },
      [],
    ],
    [
      'a compaction',
      { type: 'compaction', encrypted_content: 'gAAAAAb' },
      { encrypted_content: 'gAAAAA' },
      [],
    ],
  ])('%s', async (_name, item, begun, middle) => {
    const [added, ...rest] = await streamed(item);
    expect(added).toEqual({
      type: 'response.output_item.added',
      output_index: 0,
      item: { id: expect.any(String), type: item.type, ...begun },
    });
    expect(rest.slice(0, -1).map(({ type }) => String(type).replace('response.', ''))).toEqual(middle);
    expect(rest.at(-1)).toMatchObject({ type: 'response.output_item.done', item });
  });

  test('a compaction that a trigger requests has the event compacting', async () => {
    const script = [{ items: [{ type: 'compaction', encrypted_content: 'g' }] }];
    const emulator = createEmulator({ script, queuedMs: 0, runMs: 0 });
    const input = [{ role: 'user', content: 'Hi' }, { type: 'compaction_trigger' }];
    const body = JSON.stringify({ model: 'gpt-6-astra', input, stream: true });
    const text = await (await emulator.fetch('/v1/responses', { method: 'POST', body })).text();
    const types = [...text.matchAll(/^event: response\.(.*)$/gm)].map((match) => match[1]);
    expect(types.slice(2, -1)).toEqual(['output_item.added', 'compaction.compacting', 'output_item.done']);
  });

  test('an approved call emits in_progress again after its arguments', async () => {
    const call = {
      type: 'mcp_call',
      server_label: 'w',
      name: 'f',
      arguments: '{}',
      output: 'x',
      error: null,
    };
    const events = await streamed({ ...call, approval_request_id: 'mcpr_1' });
    expect(events.map(({ type }) => String(type).replace('response.', ''))).toEqual([
      'output_item.added',
      'mcp_call.in_progress',
      'mcp_call_arguments.delta',
      'mcp_call.in_progress',
      'mcp_call_arguments.done',
      'mcp_call.completed',
      'output_item.done',
    ]);
  });

  test('annotations follow the delta that completes their text', async () => {
    const annotations = [
      { type: 'url_citation', start_index: 0, end_index: 4, title: 'T', url: 'https://a.test' },
      { type: 'file_citation', file_id: 'file_1', filename: 'a.pdf', index: 6 },
      { type: 'file_path', file_id: 'file_2' },
    ];
    const content = [{ type: 'output_text', text: 'abcdefghij', annotations, logprobs: [] }];
    const events = await streamed({ type: 'message', role: 'assistant', status: 'completed', content });
    const seen = events.slice(2).map(({ type, delta, annotation_index: index }) => {
      const name = String(type).replace('response.output_text.', '');
      return `${name} ${String(delta ?? index ?? '')}`.trim();
    });
    expect(seen.slice(0, 7)).toEqual([
      'delta abcd',
      'annotation.added 0',
      'delta ef',
      'annotation.added 1',
      'delta gh',
      'delta ij',
      'annotation.added 2',
    ]);
  });

  test('reasoning has its text in deltas, if the model shows it', async () => {
    const content = [{ type: 'reasoning_text', text: 'Let me see' }];
    const events = await streamed({ type: 'reasoning', summary: [], content });
    expect(brief(events)).toEqual([
      'output_item.added {"summary":[],"content":[]}',
      'content_part.added {"content_index":0,"part":{"type":"reasoning_text","text":""}}',
      'reasoning_text.delta {"content_index":0,"delta":"Let "}',
      'reasoning_text.delta {"content_index":0,"delta":"me s"}',
      'reasoning_text.delta {"content_index":0,"delta":"ee"}',
      'reasoning_text.done {"content_index":0,"text":"Let me see"}',
      'content_part.done {"content_index":0,"part":{"type":"reasoning_text","text":"Let me see"}}',
      'output_item.done {"summary":[],"content":[{"type":"reasoning_text","text":"Let me see"}]}',
    ]);
  });
});
