import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { eventsOf } from '../../test-support/scenario.ts';
import {
  functionCall,
  handServer,
  messageOf,
  responseOf,
  type HandServer,
  type HandServerOptions,
} from '../../test-support/hand-server.ts';
import {
  applyEvent,
  createRunner,
  defineAgent,
  emptyView,
  fetchClient,
  tool,
  type Run,
  type RunView,
} from '../../src/index.ts';
import type { JsonObject } from '../../src/wire/json.ts';

/** A tool that returns its arguments and records them. */
function echo() {
  const asked: unknown[] = [];
  const parameters = { jsonSchema: {} };
  const execute = (value: unknown) => asked.push(value) && value;
  return { asked, tool: tool({ name: 'echo', parameters, strict: false, execute }) };
}

/** A server whose model sends these calls, then an answer. */
function calling(calls: readonly JsonObject[], options: HandServerOptions): HandServer {
  return handServer(
    (_request, count) =>
      responseOf(`resp_${count}`, 'completed', { output: count === 1 ? calls : [messageOf('Done.')] }),
    options,
  );
}

async function ended(server: HandServer): Promise<Run> {
  const run = server.start();
  await server.clock.advance(60_000);
  return run;
}

/** The view folded from the run’s events, each serialized as JSON. */
async function folded(run: Run): Promise<RunView> {
  let view = emptyView;
  for (const event of await eventsOf(run)) {
    expect(JSON.parse(JSON.stringify(event))).toStrictEqual(event);
    view = applyEvent(view, JSON.parse(JSON.stringify(event)));
  }
  return view;
}

function deep(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

describe('unusual arguments of models and servers', () => {
  test.each<[string, string | JsonObject, unknown]>([
    ['an empty string', '', {}],
    ['whitespace', ' \n', {}],
    ['a top-level null', 'null', null],
    ['a top-level 0', '0', 0],
    ['a top-level false', 'false', false],
    ['an object instead of JSON text', { city: 'Paris' }, { city: 'Paris' }],
    ['a name of Object.prototype', '{"__defineGetter__":{"x":1}}', { __defineGetter__: { x: 1 } }],
    ['a duplicate key', '{"a":1,"a":2}', { a: 2 }],
    ['a lone surrogate', '{"a":"\\ud83d"}', { a: '\ud83d' }],
  ])('reach the tool: %s', async (_name, written, value) => {
    const { asked, tool: own } = echo();
    const run = await ended(calling([functionCall('call_1', 'echo', written)], { tools: [own] }));
    expect(asked).toEqual([value]);
    expect(run.view).toMatchObject({ status: 'completed', toolCalls: [{ arguments: value, output: value }] });
    expect(await folded(run)).toStrictEqual(run.view);
  });

  test.each([
    ['truncated', '{"city":'],
    ['followed by other text', '{} and'],
    ['NaN', '{"a":NaN}'],
    ['nested too deeply', deep(10_000)],
    ['hostile', '{"__proto__":{"polluted":true}}'],
  ])('that are %s fail the call, and the run continues', async (_name, written) => {
    const { asked, tool: own } = echo();
    const server = calling([functionCall('call_1', 'echo', written)], { tools: [own] });
    const run = await ended(server);
    expect(asked).toEqual([]);
    expect(run.view).toMatchObject({
      status: 'completed',
      toolCalls: [{ status: 'failed', rawArguments: written, error: { code: 'invalid_arguments' } }],
    });
    expect(server.seen[1]?.body['input']).toMatchObject([{ output: expect.stringMatching(/^Error: /) }]);
    expect(await folded(run)).toStrictEqual(run.view);
    // Unreadable arguments are absent, not undefined, because the view is plain JSON.
    expect(JSON.parse(JSON.stringify(run.view))).toStrictEqual(run.view);
  });
});

describe('ids of calls', () => {
  test.each([
    ['different', '{"n":2}'],
    ['the same', '{"n":1}'],
  ])(
    'two calls of one response with the same call id and %s arguments fail the run, and neither is executed (TanStack/ai 199)',
    async (_what, second) => {
      const { asked, tool: own } = echo();
      const calls = [functionCall('call_1', 'echo', '{"n":1}'), functionCall('call_1', 'echo', second)];
      const server = calling(calls, { tools: [own] });
      const run = await ended(server);
      expect(run.view).toMatchObject({ status: 'failed', error: { code: 'duplicate_call_id' } });
      expect(run.view.error?.message).toContain('call_1');
      expect(asked).toEqual([]);
      expect(server.seen).toHaveLength(1);
      expect(await folded(run)).toStrictEqual(run.view);
    },
  );

  test('a call that arrives with its output is not executed; the other calls are executed', async () => {
    const { asked, tool: own } = echo();
    const answered = { type: 'function_call_output', call_id: 'call_1', output: 'known' };
    const calls = [
      functionCall('call_1', 'echo', '{"n":1}'),
      answered,
      functionCall('call_2', 'echo', '{"n":2}'),
    ];
    const server = calling(calls, { tools: [own] });
    const run = await ended(server);
    expect(run.view.status).toBe('completed');
    expect(asked).toEqual([{ n: 2 }]);
    expect(run.view.toolCalls.map(({ callId }) => callId)).toEqual(['call_2']);
    expect(server.seen[1]?.body['input']).toMatchObject([{ call_id: 'call_2', output: '{"n":2}' }]);
    expect(await folded(run)).toStrictEqual(run.view);
  });

  test('the same call id in two responses names two calls, each executed once and answered by its own output', async () => {
    let count = 0;
    const counting = tool({ name: 'count', parameters: z.object({}), execute: () => (count += 1) });
    const server = handServer(
      (_request, asked) => {
        const output = asked < 3 ? [functionCall('call_1', 'count', '{}')] : [messageOf('Done.')];
        return responseOf(`resp_${asked}`, 'completed', { output });
      },
      { tools: [counting] },
    );
    const run = await ended(server);
    expect(run.view.toolCalls.map(({ output, iteration }) => [output, iteration])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect(server.seen.map(({ body }) => body['input'])).toMatchObject([
      [{ role: 'user' }],
      [{ output: '1' }],
      [{ output: '2' }],
    ]);
  });

  test('names of Object.prototype and an empty name are unknown tools', async () => {
    const { tool: own } = echo();
    const names = ['__proto__', 'constructor', 'toString', ''];
    const calls = names.map((name, index) => functionCall(`call_${index}`, name, '{}'));
    const server = calling(calls, { tools: [own], runner: { limits: { consecutiveToolErrors: 9 } } });
    const run = await ended(server);
    expect(run.view.status).toBe('completed');
    expect(run.view.toolCalls.map((call) => call.error?.code)).toEqual(names.map(() => 'unknown_tool'));
  });
});

describe('calls that the client would execute and Longhaul does not support', () => {
  test.each(['computer_call', 'local_shell_call', 'shell_call', 'apply_patch_call', 'tool_search_call'])(
    '%s ends the run as failed, and no call of that response is executed',
    async (type) => {
      const { asked, tool: own } = echo();
      const odd = { type, id: 'item_1', call_id: 'call_9', execution: 'client' };
      const run = await ended(calling([odd, functionCall('call_1', 'echo', '{}')], { tools: [own] }));
      expect(asked).toEqual([]);
      expect(run.view).toMatchObject({ status: 'failed', error: { code: 'unsupported_call' } });
      expect(run.view.toolCalls).toMatchObject([{ status: 'cancelled' }]);
    },
  );

  test('items that the server executed do not end the run', async () => {
    const searched = { type: 'tool_search_call', id: 'item_1', execution: 'server', status: 'completed' };
    const shell = { type: 'shell_call', id: 'item_2', call_id: 'call_9' };
    const did = { type: 'shell_call_output', id: 'item_3', call_id: 'call_9' };
    const server = handServer(() =>
      responseOf('resp_1', 'completed', { output: [searched, shell, did, messageOf('Done.')] }),
    );
    expect((await ended(server)).view).toMatchObject({ status: 'completed', text: 'Done.' });
  });

  test.each([
    { type: 'computer' },
    { type: 'computer_use_preview' },
    { type: 'local_shell' },
    { type: 'shell' },
    { type: 'shell', environment: { type: 'local' } },
    { type: 'apply_patch' },
    { type: 'tool_search', execution: 'client' },
  ])('defineAgent rejects a tool that only the client could execute: %o', (hosted) => {
    const define = () => defineAgent({ name: 'a', model: 'm', tools: [hosted] });
    expect(define).toThrow(expect.objectContaining({ code: 'configuration', option: 'tools[0]' }));
  });

  test.each([
    { type: 'shell', environment: { type: 'container_auto' } },
    { type: 'tool_search' },
    { type: 'web_search', filters: { allowed_domains: ['a.test'] } },
    { type: 'mcp', server_label: 's', server_url: 'https://s.test', require_approval: 'never' },
  ])('a tool that OpenAI executes is sent unchanged: %o', async (hosted) => {
    const server = calling([], { tools: [hosted] });
    await ended(server);
    expect(server.seen[0]?.body['tools']).toEqual([hosted]);
  });

  test('a custom tool as a plain object is sent unchanged, and `submitToolOutput` provides its output', async () => {
    const plain = { type: 'custom', name: 'sql', description: 'SQL', format: { type: 'text' } } as const;
    const call = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'sql', input: 'select 1' };
    const server = calling([call], { tools: [plain] });
    const run = server.start();
    await server.clock.advance(1_000);
    expect(run.view.toolCalls).toMatchObject([{ status: 'awaiting_output', arguments: 'select 1' }]);
    await run.submitToolOutput('call_1', { rows: 1 });
    await server.clock.advance(1_000);
    expect(server.seen[0]?.body['tools']).toEqual([plain]);
    expect(server.seen[1]?.body['input']).toEqual([
      { type: 'custom_tool_call_output', call_id: 'call_1', output: '{"rows":1}' },
    ]);
    expect(run.view.status).toBe('completed');
  });
});

test('progress may be undefined, and a value that is not JSON does not fail the tool', async () => {
  const report = (value: unknown) =>
    tool({
      name: 'report',
      parameters: z.object({}),
      execute: (_none, { progress }) => {
        progress(value);
        return 'ok';
      },
    });
  const calls = [functionCall('call_1', 'report', '{}')];
  const nothing = await ended(calling(calls, { tools: [report(undefined)] }));
  expect(nothing.view.toolCalls).toMatchObject([{ status: 'completed', progress: null }]);
  const big = await ended(calling(calls, { tools: [report(1n)] }));
  expect(big.view.toolCalls).toMatchObject([
    { status: 'completed', progress: 'bigint that JSON cannot represent' },
  ]);
});

test('a run’s id may be any text, and the `Idempotency-Key` header has it percent-encoded', async () => {
  const server = calling([], {});
  const keys: (string | null)[] = [];
  const fetch = async (_url: string, init: RequestInit = {}): Promise<Response> => {
    keys.push(new Headers(init.headers).get('idempotency-key'));
    return Response.json(responseOf('resp_1', 'completed', { output: [messageOf('Done.')] }));
  };
  const client = fetchClient({ baseURL: 'http://server.test/v1', fetch });
  const runner = createRunner({ client, clock: server.clock });
  for (const runId of ['run-1', 'Läufer 🏃', 'a\nb', 'half \ud83d']) {
    const run = runner.start(server.agent, 'Hi', { runId });
    await server.clock.advance(1_000);
    expect(run.view.status).toBe('completed');
  }
  expect(keys).toEqual(['run-1/0/0', 'L%C3%A4ufer%20%F0%9F%8F%83/0/0', 'a%0Ab/0/0', 'half%20%EF%BF%BD/0/0']);
});
