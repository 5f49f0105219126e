import { describe, expect, test } from 'vitest';
import { callsOf } from './calls.ts';

const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'a', arguments: '{}' };

describe('callsOf', () => {
  test('returns function calls, custom calls and hosted approvals, in the model’s order', () => {
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

  test('returns a repeated call once, so that it has one output (I5)', () => {
    expect(callsOf([call, call])).toHaveLength(1);
  });

  test.each([
    { ...call, call_id: '' },
    { ...call, call_id: 7 },
    { type: 'function_call', name: 'a' },
  ])('ignores a call that cannot be answered: %j', (item) => {
    expect(callsOf([item])).toEqual([]);
  });

  test('returns a call without a name as a call of an unknown tool', () => {
    expect(callsOf([{ ...call, name: undefined }])).toMatchObject([{ callId: 'call_1', name: '' }]);
  });

  test('returns an approval of a hosted tool as waiting for a person', () => {
    const asked = callsOf([{ type: 'mcp_approval_request', id: 'mcpr_1', name: 'm' }, call]);
    expect(asked.map(({ status, assessed }) => [status, assessed])).toEqual([
      ['awaiting_approval', true],
      ['pending', false],
    ]);
  });
});
