import { describe, expect, test } from 'vitest';
import { callsOf, unsupportedCall } from './calls.ts';

const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'a', arguments: '{}' };

describe('the calls of an output', () => {
  test('are function calls, custom calls and hosted approvals, in the model’s order', () => {
    const output = [
      { type: 'reasoning', id: 'rs_1' },
      { ...call, call_id: 'call_2' },
      { type: 'web_search_call', id: 'ws_1' },
      { type: 'mcp_approval_request', id: 'mcpr_1', name: 'm', server_label: 's', arguments: '{}' },
      { type: 'custom_tool_call', call_id: 'call_1', name: 'c', input: 'x' },
    ];
    expect(callsOf(output).map(({ callId, kind }) => [callId, kind])).toEqual([
      ['call_2', 'function'],
      ['mcpr_1', 'mcp_approval'],
      ['call_1', 'custom'],
    ]);
  });

  test('one that is named twice is one call: it gets one output (I5)', () => {
    expect(callsOf([call, call])).toHaveLength(1);
  });

  test.each([
    { ...call, call_id: '' },
    { ...call, call_id: 7 },
    { type: 'function_call', name: 'a' },
  ])('one that cannot be answered is none: %j', (item) => {
    expect(callsOf([item])).toEqual([]);
  });

  test('one without a name is a call all the same: of an unknown tool', () => {
    expect(callsOf([{ ...call, name: undefined }])).toMatchObject([{ callId: 'call_1', name: '' }]);
  });

  test('whether a hosted tool may run is for a person alone', () => {
    const asked = callsOf([{ type: 'mcp_approval_request', id: 'mcpr_1', name: 'm' }, call]);
    expect(asked.map(({ status, assessed }) => [status, assessed])).toEqual([
      ['awaiting_approval', true],
      ['pending', false],
    ]);
  });
});

describe('a call that only the client could execute', () => {
  test.each(['computer_call', 'local_shell_call', 'shell_call', 'apply_patch_call'])(
    '%s is found',
    (type) => {
      expect(unsupportedCall([call, { type, call_id: 'call_9' }])).toMatchObject({ type });
    },
  );

  test('a hosted shell brings its outputs along', () => {
    const output = [
      { type: 'shell_call', call_id: 'call_9' },
      { type: 'shell_call_output', call_id: 'call_9' },
    ];
    expect(unsupportedCall(output)).toBeUndefined();
    expect(unsupportedCall([...output, { type: 'shell_call', call_id: 'call_10' }])).toMatchObject({
      call_id: 'call_10',
    });
  });

  test('an output of a local shell has no `call_id`: its id is the id of its call', () => {
    const shell = { type: 'local_shell_call', id: 'lsh_1', call_id: 'call_9' };
    const answeredBy = (id: string) =>
      unsupportedCall([shell, { type: 'local_shell_call_output', id, output: '{}' }]);
    expect(answeredBy('call_9')).toBeUndefined();
    expect(answeredBy('lsh_1')).toBeUndefined();
    expect(answeredBy('call_10')).toBe(shell);
  });

  test('other items are carried along (I10)', () => {
    expect(unsupportedCall([call, { type: 'hologram_call', call_id: 'x' }])).toBeUndefined();
  });
});
