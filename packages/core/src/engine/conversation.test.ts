import { describe, expect, test } from 'vitest';
import type { CallOutputItem, InputItem, OutputItem } from '../wire/items.ts';
import { noUsage } from '../wire/usage.ts';
import { callOutputs, inputItems, replayedInput } from './conversation.ts';
import type { StoredCall, StoredInput, StoredItem } from './stored-item.ts';

const input: StoredInput = { type: 'input', input: 'Weather?', history: [], lead: [] };
const user = { role: 'user', content: 'Weather?' };
const reasoning = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [],
  encrypted_content: 'sealed',
  extra: { kept: true },
};
const callA = {
  type: 'function_call',
  id: 'fc_a',
  call_id: 'call_a',
  name: 'f',
  arguments: '{}',
  status: 'completed',
};
const callB = { ...callA, id: 'fc_b', call_id: 'call_b' };
const message = {
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'Sunny.' }],
};

function iterationItems(
  iteration: number,
  items: readonly OutputItem[],
  stored = true,
  status = 'completed',
): StoredItem[] {
  return [
    ...items.map((item, outputIndex): StoredItem => ({ type: 'output', iteration, outputIndex, item })),
    {
      type: 'iteration',
      iteration,
      responseId: `resp_${iteration}`,
      status,
      stored,
      usage: noUsage,
      startedAt: 0,
      endedAt: 1,
      attempts: [],
    },
  ];
}

function settled(iteration: number, callId: string, output?: string): StoredCall {
  return {
    type: 'call',
    iteration,
    callId,
    name: 'f',
    status: output === undefined ? 'cancelled' : 'completed',
    ...(output === undefined ? {} : { output: { type: 'function_call_output', call_id: callId, output } }),
    endedAt: 1,
  };
}

const out = (call_id: string, output: string): CallOutputItem => ({
  type: 'function_call_output',
  call_id,
  output,
});
const notRun = 'The call was not run, because the run ended first.';

describe('the first create', () => {
  test('sends text as a user message, and items unchanged', () => {
    expect(inputItems([input], true)).toEqual([user]);
    expect(inputItems([{ ...input, input: [message] }], true)).toEqual([message]);
  });

  test('of a continuing run sends the outputs of open calls, then the new input', () => {
    const carried: StoredItem = { ...input, history: [callA], lead: [out('call_a', 'x')] };
    expect(inputItems([carried], false)).toEqual([out('call_a', 'x'), user]);
    expect(inputItems([carried], true)).toEqual([callA, out('call_a', 'x'), user]);
  });

  test('adds no message for an empty input', () => {
    expect(inputItems([{ ...input, input: '', lead: [out('call_a', 'x')] }], false)).toEqual([
      out('call_a', 'x'),
    ]);
    expect(inputItems([{ ...input, input: [] }], false)).toEqual([]);
  });
});

describe('the outputs of an iteration’s calls', () => {
  test('are one for each call, in the model’s order, regardless of when the tools ended (I5)', () => {
    const items = [
      input,
      ...iterationItems(0, [reasoning, callA, callB]),
      settled(0, 'call_b', '2'),
      settled(0, 'call_a', '1'),
    ];
    expect(callOutputs(items, 0)).toEqual([out('call_a', '1'), out('call_b', '2')]);
  });

  test('include an output for a call that never ran, with the reason', () => {
    const items = [input, ...iterationItems(0, [callA, callB]), settled(0, 'call_a')];
    expect(callOutputs(items, 0)).toEqual([out('call_a', notRun), out('call_b', notRun)]);
  });

  test('do not say that a call was not run if it was stopped while it ran, so that the model does not repeat a refund', () => {
    const items = [
      input,
      ...iterationItems(0, [callA, callB]),
      { ...settled(0, 'call_a'), startedAt: 1 },
      settled(0, 'call_b'),
    ];
    const unknown = 'The run ended while the call was running. The outcome of the call is unknown.';
    expect(callOutputs(items, 0)).toEqual([out('call_a', unknown), out('call_b', notRun)]);
  });

  test('have their own types for a custom call and a hosted approval', () => {
    const custom = { type: 'custom_tool_call', call_id: 'call_c', name: 'c', input: 'x' };
    const asked = {
      type: 'mcp_approval_request',
      id: 'mcpr_1',
      name: 'm',
      server_label: 's',
      arguments: '{}',
    };
    expect(callOutputs([input, ...iterationItems(0, [custom, asked])], 0)).toEqual([
      { type: 'custom_tool_call_output', call_id: 'call_c', output: notRun },
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: false, reason: notRun },
    ]);
  });

  test('are those of the iteration, even if the server reuses a call id', () => {
    const items = [
      input,
      ...iterationItems(0, [callA]),
      settled(0, 'call_a', '1'),
      ...iterationItems(1, [callA]),
      settled(1, 'call_a', '2'),
    ];
    expect(callOutputs(items, 0)).toEqual([out('call_a', '1')]);
    expect(callOutputs(items, 1)).toEqual([out('call_a', '2')]);
  });
});

describe('the whole conversation, replayed', () => {
  test('keeps all output items unchanged and in order, so reasoning stays with its call (agent-framework 2441)', () => {
    const items = [
      input,
      ...iterationItems(0, [reasoning, callA, callB]),
      settled(0, 'call_b', '2'),
      settled(0, 'call_a', '1'),
      ...iterationItems(1, [message, callA]),
      settled(1, 'call_a', '3'),
    ];
    expect(replayedInput(items, 2)).toEqual([
      user,
      reasoning,
      callA,
      callB,
      out('call_a', '1'),
      out('call_b', '2'),
      message,
      callA,
      out('call_a', '3'),
    ]);
    expect(replayedInput(items, 1)).toEqual([
      user,
      reasoning,
      callA,
      callB,
      out('call_a', '1'),
      out('call_b', '2'),
    ]);
  });

  test('omits the ids of items that the server does not keep, except of encrypted reasoning', () => {
    const bare = { type: 'reasoning', id: 'rs_2', summary: [] };
    const asked = { type: 'mcp_approval_request', id: 'mcpr_1', name: 'm' };
    const items = [input, ...iterationItems(0, [reasoning, bare, message, callA, asked], false)];
    const { id: _fc, ...callWithoutId } = callA;
    const { id: _msg, ...messageWithoutId } = message;
    expect(replayedInput(items, 1).slice(1, 5)).toEqual([reasoning, messageWithoutId, callWithoutId, asked]);
  });

  test('contains the items that prepareRequest added, at their places', () => {
    const added = { role: 'developer', content: 'Hurry.' };
    const patch: StoredItem = {
      type: 'request',
      iteration: 1,
      strategy: 'chain',
      patch: { set: {}, unset: [], append: [added] },
    };
    const items = [
      input,
      ...iterationItems(0, [callA]),
      settled(0, 'call_a', '1'),
      patch,
      ...iterationItems(1, [message]),
    ];
    expect(replayedInput(items, 2)).toEqual([user, callA, out('call_a', '1'), added, message]);
  });
});

describe('a replayed conversation is only shortened by a compaction of a response:', () => {
  const compaction = { type: 'compaction', id: 'cmp_1', encrypted_content: 'sealed' };
  const given: readonly InputItem[] = [user, compaction, { role: 'user', content: 'And now?' }];

  test('a compaction in the user’s input removes no items', () => {
    const items = [{ ...input, input: given }, ...iterationItems(0, [callA]), settled(0, 'call_a', '1')];
    expect(replayedInput(items, 0)).toEqual(given);
    expect(replayedInput(items, 1)).toEqual([...given, callA, out('call_a', '1')]);
  });

  test('a compaction in the history of another run, or added by prepareRequest, removes no items', () => {
    const items: readonly StoredItem[] = [
      { ...input, history: given },
      {
        type: 'request',
        iteration: 0,
        strategy: 'first',
        patch: { set: {}, unset: [], append: [compaction] },
      },
      ...iterationItems(0, [message]),
    ];
    expect(replayedInput(items, 1)).toEqual([...given, user, compaction, message]);
  });

  test('a compaction of a response removes all earlier items, including the user’s input', () => {
    const items = [
      { ...input, input: given },
      ...iterationItems(0, [callB, compaction, callA]),
      settled(0, 'call_a', '1'),
      settled(0, 'call_b', '2'),
    ];
    expect(replayedInput(items, 1)).toEqual([
      callB,
      compaction,
      callA,
      out('call_b', '2'),
      out('call_a', '1'),
    ]);
  });

  test('it keeps the reasoning of an earlier call, but none of an earlier response', () => {
    const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'r' };
    const items = (second: readonly OutputItem[]): readonly StoredItem[] => [
      input,
      ...iterationItems(0, [thought, callA]),
      settled(0, 'call_a', '1'),
      ...iterationItems(1, [...second, callB, compaction]),
      settled(1, 'call_b', '2'),
    ];
    const end = [callB, compaction, out('call_b', '2')];
    expect(replayedInput(items([]), 2)).toEqual(end);
    expect(replayedInput(items([thought, message]), 2)).toEqual([thought, message, ...end]);
  });
});
