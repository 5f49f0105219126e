import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { outputsIn } from '../../test-support/outputs-in.ts';
import { scenario } from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import { RunFailedError } from '../../src/run/run-error.ts';
import { calling } from '../../test-support/calling-tool.ts';

describe('approval', () => {
  test('fails its call if needsApproval throws', async () => {
    const s = calling(
      {},
      {
        needsApproval: () => {
          throw new Error('The rules are gone.');
        },
      },
    );
    const run = s.start();
    await s.settle(run.result());
    expect(s.seen).toEqual([]);
    expect(run.view.toolCalls).toMatchObject([{ status: 'failed' }]);
    expect(outputsIn(s.creates()[1])).toEqual({ call_t: expect.stringContaining('The rules are gone.') });
  });

  test('may depend on the arguments and the context, asynchronously', async () => {
    const asked: unknown[] = [];
    const s = calling(
      { seats: 9 },
      {
        parameters: z.object({ seats: z.number() }),
        needsApproval: async (args, about) => {
          asked.push([args, about]);
          return true;
        },
      },
    );
    const run = s.start('Hi', { runId: 'run_1', context: { user: 7 } });
    await s.clock.advance(60_000);
    expect(run.view).toMatchObject({
      status: 'requires_action',
      toolCalls: [{ status: 'awaiting_approval' }],
    });
    expect(asked).toEqual([[{ seats: 9 }, { callId: 'call_t', runId: 'run_1', context: { user: 7 } }]]);
    await run.approve('call_t');
    await s.settle(run.result());
    expect(s.seen).toEqual([{ seats: 9 }]);
  });

  test('of a hosted MCP call waits for a person, and is sent in the API’s form', async () => {
    const ask = (id: string) => ({
      type: 'mcp_approval_request',
      id,
      server_label: 's',
      name: 'm',
      arguments: '{"a":1}',
    });
    const s = scenario({ script: [{ items: [ask('mcpr_1'), ask('mcpr_2')] }, { text: 'Done.' }], tools: [] });
    const run = s.start();
    await s.clock.advance(60_000);
    expect(run.view).toMatchObject({
      status: 'requires_action',
      toolCalls: [{ callId: 'mcpr_1', name: 'm', arguments: { a: 1 } }, { callId: 'mcpr_2' }],
    });
    await run.approve('mcpr_1');
    await run.deny('mcpr_2', 'Not this one.');
    await s.settle(run.result());
    expect(s.creates()[1]?.['input']).toEqual([
      { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
      {
        type: 'mcp_approval_response',
        approval_request_id: 'mcpr_2',
        approve: false,
        reason: 'Not this one.',
      },
    ]);
  });
});

describe('results', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  test.each<[string, unknown]>([
    ['a circular object', circular],
    ['a bigint', { n: 1n }],
    ['a function', () => 'x'],
    ['a symbol', Symbol('x')],
  ])('that cannot be serialised produce an error output: %s', async (_name, result) => {
    const s = calling({}, { execute: () => result });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.toolCalls).toMatchObject([{ status: 'failed' }]);
    expect(outputsIn(s.creates()[1])).toEqual({ call_t: expect.stringMatching(/^Error: /) });
  });

  test('that are objects are sent as JSON, and the view has the same value', async () => {
    const s = calling({}, { execute: () => ({ at: new Date(0), list: [1, undefined], gone: undefined }) });
    const run = s.start();
    await s.settle(run.result());
    expect(outputsIn(s.creates()[1])).toEqual({
      call_t: '{"at":"1970-01-01T00:00:00.000Z","list":[1,null]}',
    });
    expect(run.view.toolCalls[0]?.output).toEqual({ at: '1970-01-01T00:00:00.000Z', list: [1, null] });
  });

  test('are copied, so that later changes by the tool have no effect', async () => {
    const result = { tempC: 21 };
    const s = calling({}, { execute: () => result });
    const run = s.start();
    await s.settle(run.result());
    result.tempC = 99;
    expect(run.view.toolCalls[0]?.output).toEqual({ tempC: 21 });
  });
});

describe('structured output', () => {
  const output = z.object({ umbrella: z.boolean(), note: z.string().optional() });

  test('is requested by a strict text.format, and result.output is parsed by the schema', async () => {
    const parsed = output.transform(({ umbrella }) => (umbrella ? 'take it' : 'leave it'));
    const s = scenario({
      script: [{ text: '{"umbrella":false,"note":null}' }],
      agent: { output: parsed },
      tools: [],
    });
    const run = s.start();
    const result = await s.settle(run.result());
    expect(result.output).toBe('leave it');
    expect(run.view.output).toEqual({ umbrella: false });
    expect(s.creates()[0]?.['text']).toMatchObject({
      format: {
        type: 'json_schema',
        name: 'weather',
        strict: true,
        schema: { required: ['umbrella', 'note'] },
      },
    });
  });

  test.each([
    ['is not JSON', 'Leave it.'],
    ['does not match the schema', '{"umbrella":"no"}'],
    ['is empty', ''],
  ])('that %s fails the run with code invalid_output', async (_name, text) => {
    const s = scenario({ script: [{ text }], agent: { output }, tools: [] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'invalid_output', view: { status: 'failed', text } });
  });

  test('fails the run with code refusal if the model refuses', async () => {
    const s = scenario({ script: [{ refusal: 'I would rather not.' }], agent: { output }, tools: [] });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'refusal', message: expect.stringContaining('I would rather not.') });
  });

  test('allows other fields of request.text, but not a format', () => {
    const define = (text: object) => defineAgent({ name: 'a', model: 'm', output, request: { text } });
    expect(define({ verbosity: 'low' }).spec.request['text']).toMatchObject({ verbosity: 'low', format: {} });
    expect(() => define({ format: { type: 'text' } })).toThrow(ConfigurationError);
  });
});

test('hosted tools are sent unchanged', async () => {
  const hosted = { type: 'web_search', search_context_size: 'low' };
  const s = scenario({ script: [{ text: 'Done.' }], tools: [hosted] });
  await s.settle(s.start().result());
  expect(s.creates()[0]?.['tools']).toEqual([hosted]);
});
