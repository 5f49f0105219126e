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
  ])('keeps the id where the input type requires one: %s (OpenHands 4082, openai 7.59)', (type) => {
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
  ])('drops the id where it is optional: %s', (type) => {
    expect(asInput(item(type, { call_id: 'c' }), false)).toEqual({ type, call_id: 'c' });
    expect(asInput(item(type), true)).toEqual(item(type));
  });

  test('keeps reasoning only with its encrypted content', () => {
    expect(asInput(item('reasoning'), false)).toBeUndefined();
    const sealed = item('reasoning', { encrypted_content: 'x' });
    expect(asInput(sealed, false)).toEqual(sealed);
  });
});

describe('what the API gives and does not take (toResponseInputItems of openai 7.59)', () => {
  test.each([true, false])('created_by is left out, stored: %s', (stored) => {
    expect(asInput(item('web_search_call', { created_by: 'x' }), stored)).toEqual(item('web_search_call'));
  });

  test('tools that were not added by the developer are left out', () => {
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

  test('is whole where there is none', () => {
    const whole = [user, old, oldOutput];
    expect(sinceCompaction(whole)).toEqual(whole);
  });

  test('keeps a call before it whose output comes after it, and the reasoning that belongs to the call', () => {
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

  test('takes no reasoning of an earlier response for a call that has none', () => {
    const reasoning = item('reasoning', { encrypted_content: 'r' });
    const whole = [user, reasoning, old, oldOutput, call, compaction, output];
    expect(sinceCompaction(whole, 5, [1, 4])).toEqual([call, compaction, output]);
  });

  test('keeps the program whose calls, or whose output, come after it, and the reasoning of the program', () => {
    const reasoning = item('reasoning', { encrypted_content: 'r' });
    const program = item('program', { call_id: 'p', code: 'f()', fingerprint: 'x' });
    const caller = { type: 'program', caller_id: 'p' };
    const called = { ...call, caller };
    const answered = { ...output, caller };
    const ended = item('program_output', { call_id: 'p', result: '', status: 'completed' });
    const kept = [reasoning, program, compaction, called, answered];
    expect(sinceCompaction([user, old, oldOutput, ...kept])).toEqual(kept);
    expect(sinceCompaction([user, old, oldOutput, ...kept, ended])).toEqual([...kept, ended]);
    // The call is kept for its output, and so the program for the call.
    const before = [reasoning, program, old, oldOutput, called, compaction, answered];
    expect(sinceCompaction([user, ...before])).toEqual(before);
    // A program that is over is not needed by what comes after.
    const over = [compaction, call, output];
    expect(sinceCompaction([user, reasoning, program, called, answered, ended, ...over])).toEqual(over);
  });

  test('keeps the hosted approval that is answered after it', () => {
    const asked = item('mcp_approval_request');
    const answer = {
      type: 'mcp_approval_response',
      approval_request_id: 'mcp_approval_request_1',
      approve: true,
    };
    expect(sinceCompaction([user, asked, compaction, answer])).toEqual([asked, compaction, answer]);
  });

  test('keeps a call before it whose id an earlier call has used', () => {
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

  test.each([null, undefined])('keeps a search for tools before it: call_id %s', (call_id) => {
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
    // What is kept for another call’s sake is whole, too.
    expect(sinceCompaction([user, search, call, found, compaction, output])).toEqual([
      search,
      call,
      found,
      compaction,
      output,
    ]);
  });

  test('keeps the configuration that is in effect: an update holds until another replaces it', () => {
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
