import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { handServer, messageOf, responseOf } from '../../test-support/hand-server.ts';
import { customTool } from '../../src/agent/custom-tool.ts';
import { tool } from '../../src/agent/tool.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const program: JsonObject = {
  type: 'program',
  id: 'prog_1',
  call_id: 'call_p',
  code: 'await f()',
  fingerprint: 'fp',
};
const caller = { type: 'program', caller_id: 'call_p' };
const called = (call_id: string, more: JsonObject = {}): JsonObject => ({
  type: 'function_call',
  id: `fc_${call_id}`,
  call_id,
  name: 'f',
  arguments: '{}',
  caller,
  ...more,
});
const f = tool({ name: 'f', parameters: z.object({}), execute: () => 'one' });
const asks = tool({ name: 'asks', parameters: z.object({}), needsApproval: true, execute: () => 'two' });
const c = customTool({ name: 'c', execute: (input) => `got ${input}` });

async function answered(output: readonly JsonObject[], decide = false): Promise<JsonObject> {
  const server = handServer(
    (_request, count) =>
      count === 1
        ? responseOf('resp_1', 'completed', { output })
        : responseOf('resp_2', 'completed', { output: [messageOf('ok')] }),
    { tools: [f, asks, c, { type: 'programmatic_tool_calling' }] },
  );
  const run = server.start();
  await server.clock.advance(0);
  if (decide) await run.deny('call_1', 'not now');
  await run.done();
  return server.seen[1]?.body ?? {};
}

describe('a call that one of the model’s programs made (OpenHands 4082)', () => {
  test.each<[name: string, call: JsonObject, output: JsonObject]>([
    ['a function', called('call_1'), { type: 'function_call_output', output: 'one' }],
    [
      'a custom tool',
      { type: 'custom_tool_call', call_id: 'call_1', name: 'c', input: 'x', caller },
      { type: 'custom_tool_call_output', output: 'got x' },
    ],
    ['an unknown tool', called('call_1', { name: 'g' }), { type: 'function_call_output' }],
    ['bad arguments', called('call_1', { arguments: '{' }), { type: 'function_call_output' }],
  ])('is answered with its caller: %s', async (_name, call, output) => {
    const { input } = await answered([program, call]);
    expect(input).toMatchObject([{ call_id: 'call_1', caller, ...output }]);
  });

  test('is answered with its caller if a person denies it', async () => {
    const { input } = await answered([program, called('call_1', { name: 'asks' })], true);
    expect(input).toMatchObject([{ call_id: 'call_1', caller, type: 'function_call_output' }]);
  });

  test('a call of the model itself is answered with its direct caller, or without one', async () => {
    const { input } = await answered([
      called('call_1', { caller: { type: 'direct' } }),
      called('call_2', { caller: null }),
    ]);
    expect(input).toEqual([
      { type: 'function_call_output', call_id: 'call_1', output: 'one', caller: { type: 'direct' } },
      { type: 'function_call_output', call_id: 'call_2', output: 'one' },
    ]);
  });

  test('a call with `async` is answered in the next create like any other', async () => {
    const { input } = await answered([called('call_1', { async: true, caller: null })]);
    expect(input).toEqual([{ type: 'function_call_output', call_id: 'call_1', output: 'one' }]);
  });

  test('a replay of an unstored response keeps the id of a program, because the item type requires it', async () => {
    const unstored = (id: string, output: readonly JsonObject[]): JsonObject =>
      responseOf(id, 'completed', { output, store: false });
    const result = {
      type: 'program_output',
      id: 'po_1',
      call_id: 'call_p',
      result: '1',
      status: 'completed',
    };
    const server = handServer(
      (_request, count) =>
        [unstored('resp_1', [program, called('call_1'), result])][count - 1] ??
        unstored('resp_2', [messageOf('ok')]),
      { tools: [f], agent: { request: { store: false } } },
    );
    await server.start().done();
    expect(server.seen[1]?.body['input']).toEqual([
      { role: 'user', content: 'Hi' },
      program,
      { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}', caller },
      result,
      { type: 'function_call_output', call_id: 'call_1', output: 'one', caller },
    ]);
  });
});
