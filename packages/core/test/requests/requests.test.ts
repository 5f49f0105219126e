import { describe, expect, test } from 'vitest';
import { scenario, weatherScript } from '../../test-support/scenario.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import type { JsonObject } from '../../src/wire/json.ts';

const forced = { type: 'function', name: 'get_weather' };

describe('requests', () => {
  test('append their paths to the base URL, which ends with /v1', async () => {
    const s = scenario({ runner: { mode: 'poll' } });
    await s.settle(s.start().result());
    for (const { path } of s.emulator.requests) expect(path).toMatch(/^\/v1\/responses(\/resp_\w+)?$/);
  });

  test.each<[boolean, JsonObject, unknown]>([
    [true, {}, true],
    [true, { store: false }, false],
    [true, { store: true }, true],
    [false, {}, undefined],
    [false, { store: false }, false],
  ])('background %s with request %j: every create has store %s', async (background, request, store) => {
    const s = scenario({ agent: { background, request } });
    await s.settle(s.start().result());
    expect(s.creates().map((body) => [body['background'], body['store']])).toEqual([
      [background, store],
      [background, store],
    ]);
  });

  test('have the instructions and tools in every create, because the API does not keep them', async () => {
    const s = scenario();
    await s.settle(s.start().result());
    for (const body of s.creates()) {
      expect(body).toMatchObject({
        model: 'gpt-6-astra',
        instructions: 'Be brief.',
        tools: [{ name: 'get_weather' }],
      });
    }
  });

  test('merge the metadata of agent and run with the run’s id and the iteration', async () => {
    const s = scenario({ agent: { request: { metadata: { app: 'demo', team: 'agent' } } } });
    await s.settle(s.start('Hi', { runId: 'run_1', metadata: { team: 'run' } }).result());
    expect(s.creates().map(({ metadata }) => metadata)).toEqual([
      { app: 'demo', team: 'run', longhaul_run_id: 'run_1', longhaul_iteration: '0' },
      { app: 'demo', team: 'run', longhaul_run_id: 'run_1', longhaul_iteration: '1' },
    ]);
  });

  test('reject more than 16 pairs of metadata when the run starts', () => {
    const pairs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, 'x']));
    const s = scenario({ agent: { request: { metadata: { one: '1', two: '2' } } } });
    expect(() => s.start('Hi', { metadata: pairs(13) })).toThrow(ConfigurationError);
    expect(() => s.start('Hi', { metadata: pairs(13) })).toThrow(/at most 16 pairs.*17/);
    expect(() => s.start('Hi', { metadata: pairs(12) })).not.toThrow();
  });

  test.each([
    ['required', 'auto'],
    [forced, 'auto'],
    ['none', 'none'],
    [
      { type: 'allowed_tools', mode: 'required', tools: [forced] },
      { type: 'allowed_tools', mode: 'auto', tools: [forced] },
    ],
  ])('have tool_choice %j in the first iteration, and %j after it', async (choice, later) => {
    const s = scenario({
      script: ({ iterationIndex }) => weatherScript[iterationIndex] ?? {},
      agent: { request: { tool_choice: choice } },
    });
    await s.settle(s.start().result());
    expect(s.creates().map((body) => body['tool_choice'])).toEqual([choice, later]);
  });

  test('in the foreground are a plain JSON create in mode poll, and a foreground stream in mode stream', async () => {
    for (const mode of ['poll', 'stream'] as const) {
      const s = scenario({ agent: { background: false }, runner: { mode } });
      expect((await s.settle(s.start().result())).text).toBe('Leave the umbrella at home.');
      expect(s.sent()).toEqual(['create', 'create']);
      expect(s.creates().map(({ stream }) => stream)).toEqual(
        mode === 'poll' ? [undefined, undefined] : [true, true],
      );
    }
  });

  test('have an idempotency key of run, iteration and attempt, which a retry after a 503 repeats', async () => {
    const s = scenario({
      faults: [
        { fault: 'fail', iteration: 0 },
        { fault: 'http', status: 503, iteration: 1 },
      ],
    });
    await s.settle(s.start('Hi', { runId: 'run_1' }).result());
    const keys = s.emulator.requests.flatMap(({ headers }) => headers['idempotency-key'] ?? []);
    expect(keys).toEqual(['run_1/0/0', 'run_1/0/1', 'run_1/1/0', 'run_1/1/0']);
  });
});

describe('prepareRequest', () => {
  test('keeps the metadata that names the run and the iteration, regardless of the metadata that it sets', async () => {
    const metadata = { tier: 'gold', longhaul_run_id: 'another' };
    const s = scenario({ agent: { prepareRequest: () => ({ metadata }) } });
    const run = s.start();
    await s.settle(run.result());
    expect(s.creates().map((create) => create['metadata'])).toEqual([
      { tier: 'gold', longhaul_run_id: run.id, longhaul_iteration: '0' },
      { tier: 'gold', longhaul_run_id: run.id, longhaul_iteration: '1' },
    ]);
  });

  test('does not repeat an include that the model has refused', async () => {
    const s = scenario({
      faults: [{ fault: 'no-reasoning-include' }],
      runner: { continuation: 'replay' },
      agent: {
        prepareRequest: ({ include = [] }) => ({ include: [...include, 'file_search_call.results'] }),
      },
    });
    await s.settle(s.start().result());
    expect(s.creates().at(-1)?.['include']).toEqual(['file_search_call.results']);
  });

  test('receives the deep-frozen request of each iteration, and its result is sent', async () => {
    const seen: unknown[] = [];
    const s = scenario({
      agent: {
        prepareRequest: (request, { runId, iteration, attempt, context }) => {
          seen.push([
            runId,
            iteration,
            attempt,
            context,
            Object.isFrozen(request),
            Object.isFrozen(request.input[0]),
          ]);
          return { ...request, model: `gpt-6-mini-${iteration}`, instructions: undefined };
        },
      },
    });
    await s.settle(s.start('Hi', { runId: 'run_1', context: { user: 7 } }).result());
    expect(seen).toEqual([
      ['run_1', 0, 0, { user: 7 }, true, true],
      ['run_1', 1, 0, { user: 7 }, true, true],
    ]);
    expect(s.creates().map(({ model }) => model)).toEqual(['gpt-6-mini-0', 'gpt-6-mini-1']);
    expect(s.creates().every((body) => !('instructions' in body))).toBe(true);
  });

  test('may be asynchronous, and may return nothing to keep the request', async () => {
    const s = scenario({ agent: { prepareRequest: async () => undefined } });
    expect((await s.settle(s.start().result())).text).toBe('Leave the umbrella at home.');
  });

  test('may add items after the outputs, which stay part of the conversation', async () => {
    const note = { role: 'developer', content: 'Answer in French.' };
    const s = scenario({
      script: [
        { calls: [{ name: 'get_weather', arguments: { city: 'Paris' }, callId: 'call_1' }] },
        { calls: [{ name: 'get_weather', arguments: { city: 'Rome' }, callId: 'call_2' }] },
        { text: 'Oui.' },
      ],
      runner: { continuation: 'replay' },
      agent: {
        prepareRequest: (request, { iteration }) =>
          iteration === 1 ? { ...request, input: [...request.input, note] } : undefined,
      },
    });
    await s.settle(s.start().result());
    expect(s.creates()[1]?.['input']).toMatchObject([
      { role: 'user' },
      { call_id: 'call_1' },
      { type: 'function_call_output' },
      note,
    ]);
    expect(s.creates()[2]?.['input']).toMatchObject([
      { role: 'user' },
      { call_id: 'call_1' },
      { call_id: 'call_1', type: 'function_call_output' },
      note,
      { call_id: 'call_2' },
      { call_id: 'call_2', type: 'function_call_output' },
    ]);
  });

  test('prepares a create once, and each retry sends the same result', async () => {
    let calls = 0;
    const s = scenario({
      faults: [{ fault: 'http', status: 503, iteration: 0, times: 2 }],
      agent: { prepareRequest: (request) => ({ ...request, safety_identifier: `call ${(calls += 1)}` }) },
    });
    await s.settle(s.start().result());
    expect(s.creates().map((body) => body['safety_identifier'])).toEqual([
      'call 1',
      'call 1',
      'call 1',
      'call 2',
    ]);
  });

  test('is not called again in another process, which sends the saved request', async () => {
    let calls = 0;
    const prepareRequest = (request: object) => ({ ...request, safety_identifier: `call ${(calls += 1)}` });
    const s = scenario({
      agent: { prepareRequest },
      faults: [{ fault: 'http', status: 503, iteration: 0, retryAfter: 600 }],
    });
    const run = s.start();
    await s.clock.advance(1_000);
    await run.detach();
    const resumed = await s.reboot().resume(s.agent, run.id);
    await s.settle(resumed.result());
    expect(s.creates().map((body) => body['safety_identifier'])).toEqual(['call 1', 'call 1', 'call 2']);
  });

  test.each<[string, (request: JsonObject) => unknown]>([
    ['background', (request) => ({ ...request, background: false })],
    ['stream', (request) => ({ ...request, stream: request['stream'] === true ? undefined : true })],
    ['previous_response_id', (request) => ({ ...request, previous_response_id: 'resp_other' })],
    ['the call outputs', (request) => ({ ...request, input: [{ role: 'user', content: 'Other.' }] })],
    ['the call outputs', () => ({ append: [{ type: 'function_call_output', call_id: 'c', output: '' }] })],
    ['an array', () => []],
  ])('fails the run if it changes what the loop owns, or returns no object: %s', async (what, change) => {
    const s = scenario({
      agent: {
        prepareRequest: (request, { iteration }) => (iteration === 1 ? Object(change(request)) : undefined),
      },
    });
    const run = s.start();
    const error = await s.rejection(run.result());
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ message: expect.stringContaining('prepareRequest') });
    expect(run.view).toMatchObject({ status: 'failed', error: { code: 'configuration' } });
    expect(s.creates()).toHaveLength(1);
    expect(what).not.toBe('');
  });

  test('fails the run with its error if it throws, and no request is sent', async () => {
    const s = scenario({
      agent: {
        prepareRequest: () => {
          throw new Error('No budget.');
        },
      },
    });
    const error = await s.rejection(s.start().result());
    expect(error).toMatchObject({
      code: 'prepare_request_failed',
      message: expect.stringContaining('No budget.'),
    });
    expect(s.sent()).toEqual([]);
  });

  test('fails the run if it drops the approval of a hosted tool’s call', async () => {
    const items = [
      { type: 'mcp_approval_request', id: 'mcpr_1', server_label: 's', name: 'm', arguments: '{}' },
    ];
    const s = scenario({
      script: [{ items }, { text: 'Done.' }],
      agent: {
        prepareRequest: (request, { iteration }) => (iteration === 1 ? { ...request, input: [] } : undefined),
      },
    });
    const run = s.start();
    await s.clock.advance(60_000);
    await run.approve('mcpr_1');
    expect(await s.rejection(run.result())).toBeInstanceOf(ConfigurationError);
  });
});
