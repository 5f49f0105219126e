import { describe, expect, test } from 'vitest';
import { asInput, sinceCompaction } from './replay-items.ts';

const item = (type: string, more = {}) => ({ type, id: `${type}_1`, ...more });

describe('an output item of a response that the server does not keep', () => {
  test.each([
    'program',
    'program_output',
    'web_search_call',
    'file_search_call',
    'code_interpreter_call',
    'image_generation_call',
    'mcp_call',
    'mcp_list_tools',
    'mcp_approval_request',
    'computer_call',
    'local_shell_call',
  ])('keeps the id if the input type requires one: %s (OpenHands 4082, openai 7.59)', (type) => {
    expect(asInput(item(type, { fingerprint: 'f' }), false)).toEqual(item(type, { fingerprint: 'f' }));
  });

  test.each([
    'message',
    'function_call',
    'custom_tool_call',
    'tool_search_call',
    'tool_search_output',
    'compaction',
    'configuration_update',
    'shell_call',
    'made_up',
  ])('omits an optional id: %s', (type) => {
    expect(asInput(item(type, { call_id: 'c' }), false)).toEqual({ type, call_id: 'c' });
    expect(asInput(item(type), true)).toEqual(item(type));
  });

  test('keeps reasoning only with its encrypted content', () => {
    expect(asInput(item('reasoning'), false)).toBeUndefined();
    const sealed = item('reasoning', { encrypted_content: 'x' });
    expect(asInput(sealed, false)).toEqual(sealed);
  });
});

describe('output that the API does not accept as input (toResponseInputItems of openai 7.59)', () => {
  test.each([true, false])('omits created_by, stored: %s', (stored) => {
    expect(asInput(item('web_search_call', { created_by: 'x' }), stored)).toEqual(item('web_search_call'));
  });

  test('omits tools that were not added by the developer', () => {
    expect(asInput(item('additional_tools', { role: 'assistant', tools: [] }), true)).toBeUndefined();
    const given = item('additional_tools', { role: 'developer', tools: [{ type: 'web_search' }] });
    expect(asInput(given, true)).toEqual(given);
  });
});

describe('a conversation that the server has compacted', () => {
  const user = { role: 'user', content: 'Hi' };
  const old = item('function_call', { call_id: 'a' });
  const oldOutput = { type: 'function_call_output', call_id: 'a', output: '1' };
  const compaction = item('compaction', { encrypted_content: 'sealed' });
  const call = item('function_call', { call_id: 'b' });
  const output = { type: 'function_call_output', call_id: 'b', output: '2' };

  test('starts at its last compaction', () => {
    const first = item('compaction', { encrypted_content: 'older' });
    const whole = [user, first, old, oldOutput, compaction, call, output];
    expect(sinceCompaction(whole)).toEqual([compaction, call, output]);
  });

  test('is complete without a compaction', () => {
    const whole = [user, old, oldOutput];
    expect(sinceCompaction(whole)).toEqual(whole);
  });

  test('keeps an earlier call whose output comes later, and the reasoning of the call', () => {
    const reasoning = item('reasoning', { encrypted_content: 'r' });
    const whole = [user, old, oldOutput, reasoning, call, compaction, output];
    expect(sinceCompaction(whole)).toEqual([reasoning, call, compaction, output]);
  });

  test('keeps the reasoning of parallel calls, and all calls that share it', () => {
    const first = item('reasoning', { encrypted_content: '1' });
    const second = item('reasoning', { encrypted_content: '2' });
    const said = item('message', { role: 'assistant', content: [] });
    const iteration = [first, said, first, second, old, call];
    const whole = [user, ...iteration, oldOutput, compaction, output];
    expect(sinceCompaction(whole)).toEqual([first, second, old, call, oldOutput, compaction, output]);
    const hosted = item('web_search_call', { status: 'completed' });
    const between = [user, said, second, hosted, old, hosted, call, compaction, oldOutput, output];
    expect(sinceCompaction(between)).toEqual(between.slice(2));
  });

  test('does not keep the reasoning of an earlier response for a call without reasoning', () => {
    const reasoning = item('reasoning', { encrypted_content: 'r' });
    const whole = [user, reasoning, old, oldOutput, call, compaction, output];
    expect(sinceCompaction(whole, 5, [1, 4])).toEqual([call, compaction, output]);
  });

  test('keeps an earlier program whose calls or output come later, and its reasoning', () => {
    const reasoning = item('reasoning', { encrypted_content: 'r' });
    const program = item('program', { call_id: 'p', code: 'f()', fingerprint: 'x' });
    const caller = { type: 'program', caller_id: 'p' };
    const called = { ...call, caller };
    const answered = { ...output, caller };
    const ended = item('program_output', { call_id: 'p', result: '', status: 'completed' });
    const kept = [reasoning, program, compaction, called, answered];
    expect(sinceCompaction([user, old, oldOutput, ...kept])).toEqual(kept);
    expect(sinceCompaction([user, old, oldOutput, ...kept, ended])).toEqual([...kept, ended]);
    // The output needs the call, and the call needs the program.
    const before = [reasoning, program, old, oldOutput, called, compaction, answered];
    expect(sinceCompaction([user, ...before])).toEqual(before);
    // Later items do not need a program that has ended.
    const over = [compaction, call, output];
    expect(sinceCompaction([user, reasoning, program, called, answered, ended, ...over])).toEqual(over);
  });

  test('keeps an earlier hosted approval that is answered later', () => {
    const asked = item('mcp_approval_request');
    const answer = {
      type: 'mcp_approval_response',
      approval_request_id: 'mcp_approval_request_1',
      approve: true,
    };
    expect(sinceCompaction([user, asked, compaction, answer])).toEqual([asked, compaction, answer]);
  });

  test('keeps an earlier call that reuses the id of another call', () => {
    const again = { ...output, call_id: 'a', output: 'again' };
    expect(sinceCompaction([user, old, oldOutput, old, compaction, again])).toEqual([old, compaction, again]);
    const after = [compaction, old, again];
    expect(sinceCompaction([user, old, oldOutput, ...after])).toEqual(after);
    expect(sinceCompaction([user, old, compaction, oldOutput, old, again])).toEqual([
      old,
      compaction,
      oldOutput,
      old,
      again,
    ]);
  });

  test.each([null, undefined])('keeps an earlier search for tools with call_id %s', (call_id) => {
    const search = { type: 'tool_search_call', call_id, execution: 'server', arguments: {} };
    const found = { type: 'tool_search_output', call_id, execution: 'server', tools: [] };
    expect(sinceCompaction([user, search, found, search, compaction, found])).toEqual([
      search,
      compaction,
      found,
    ]);
    expect(sinceCompaction([user, search, found, compaction, call, output])).toEqual([
      compaction,
      call,
      output,
    ]);
    expect(sinceCompaction([user, search, found, compaction, search, found])).toEqual([
      compaction,
      search,
      found,
    ]);
    // A call that is kept because another item needs it keeps its own reasoning too.
    expect(sinceCompaction([user, search, call, found, compaction, output])).toEqual([
      search,
      call,
      found,
      compaction,
      output,
    ]);
  });

  test('keeps the configuration in effect, in which later updates replace earlier ones', () => {
    const low = { type: 'configuration_update', reasoning: { effort: 'low' } };
    const high = { type: 'configuration_update', reasoning: { effort: 'high' } };
    const text = { type: 'configuration_update', text: { format: { type: 'text' } } };
    expect(sinceCompaction([low, user, text, high, compaction, call, output])).toEqual([
      text,
      high,
      compaction,
      call,
      output,
    ]);
  });
});
