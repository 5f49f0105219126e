import { describe, expect, test } from 'vitest';
import { scenario, weatherScript, type Scenario } from '../../test-support/scenario.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import { RunFailedError } from '../../src/run/run-error.ts';
import type { Iteration } from '../../src/testing/index.ts';
import { isJsonObject, type JsonObject } from '../../src/wire/json.ts';

const call = (callId: string): NonNullable<Iteration['calls']> => [
  { name: 'get_weather', arguments: { city: callId }, callId },
];
const thinking: readonly Iteration[] = [
  { reasoning: 'Hm.', text: 'Let me look.', calls: call('call_1') },
  { reasoning: true, calls: call('call_2') },
  { text: 'Done.' },
];
const sealed = 'reasoning.encrypted_content';

function inputOf(body: JsonObject | undefined): readonly JsonObject[] {
  return Array.isArray(body?.['input']) ? body['input'].filter(isJsonObject) : [];
}

function typesOf(body: JsonObject | undefined): readonly unknown[] {
  return inputOf(body).map(({ type, role }) => type ?? role);
}

describe('chain', () => {
  test('refers to the previous response, and sends only the outputs', async () => {
    const s = scenario({ script: thinking, runner: { continuation: 'chain' } });
    const run = s.start();
    await s.settle(run.result());
    const ids = run.view.iterations.map(({ responseId }) => responseId);
    expect(s.creates().map((body) => body['previous_response_id'])).toEqual([undefined, ids[0], ids[1]]);
    expect(s.creates().slice(1).map(typesOf)).toEqual([['function_call_output'], ['function_call_output']]);
    expect(run.view.iterations.map(({ attempts }) => attempts[0]?.strategy)).toEqual([
      'first',
      'chain',
      'chain',
    ]);
  });

  test('fails the run if the server refuses the chain', async () => {
    const s = scenario({ faults: [{ fault: 'azure-loses-calls' }], runner: { continuation: 'chain' } });
    const error = await s.rejection(s.start().result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ view: { error: { status: 400, param: 'input' } } });
    expect(s.creates()).toHaveLength(2);
  });
});

describe('replay', () => {
  test('sends the whole conversation, and requests encrypted reasoning', async () => {
    const s = scenario({ script: thinking, runner: { continuation: 'replay' } });
    const run = s.start();
    await s.settle(run.result());
    expect(s.creates().map((body) => body['previous_response_id'])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(s.creates().map((body) => body['include'])).toEqual([[sealed], [sealed], [sealed]]);
    expect(typesOf(s.creates()[2])).toEqual([
      'user',
      'reasoning',
      'message',
      'function_call',
      'function_call_output',
      'reasoning',
      'function_call',
      'function_call_output',
    ]);
    expect(run.view.warnings).toEqual([]);
  });

  test('drops the ids of items that are not stored, and reasoning without encrypted content', async () => {
    const s = scenario({ script: thinking, faults: [{ fault: 'store-false-echo', iteration: 0 }] });
    const run = s.start();
    await s.settle(run.result());
    const [, second] = s.creates();
    // The first create did not request encrypted reasoning: only its answer states that the response is not stored.
    expect(typesOf(second)).toEqual(['user', 'message', 'function_call', 'function_call_output']);
    expect(inputOf(second).every((item) => !('id' in item))).toBe(true);
    expect(run.view.items[0]?.item).toMatchObject({ type: 'reasoning' });
  });

  test('keeps the id of reasoning that has encrypted content', async () => {
    const s = scenario({ script: thinking, agent: { request: { store: false } } });
    await s.settle(s.start().result());
    const reasoning = inputOf(s.creates()[2]).filter(({ type }) => type === 'reasoning');
    expect(reasoning).toHaveLength(2);
    for (const item of reasoning) {
      expect(item).toMatchObject({
        id: expect.stringMatching(/^rs_/),
        encrypted_content: expect.any(String),
      });
    }
    expect(
      inputOf(s.creates()[2])
        .filter(({ type }) => type !== 'reasoning')
        .every((item) => !('id' in item)),
    ).toBe(true);
  });

  test('saves items unchanged: the view has the parts that a request omits', async () => {
    const odd = { type: 'hologram_call', id: 'h_1', depth: { of: [3] } };
    const s = scenario({ script: [{ items: [odd], calls: call('call_1') }, { text: 'Done.' }] });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.items[0]?.item).toEqual(odd);
  });
});

describe('auto', () => {
  test.each([
    ['the request has store: false', { agent: { request: { store: false } } }],
    ['the response has store: false', { faults: [{ fault: 'store-false-echo' } as const] }],
  ])('replays from the second iteration on if %s, with a warning', async (_name, options) => {
    const s = scenario({ script: thinking, ...options });
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe('Done.');
    expect(s.creates().every((body) => !('previous_response_id' in body))).toBe(true);
    expect(run.view.warnings.map(({ code }) => code)).toEqual(['replay']);
    expect(run.view.iterations.map(({ attempts }) => attempts.map(({ strategy }) => strategy))).toEqual([
      ['first'],
      ['replay'],
      ['replay'],
    ]);
    expect(s.creates().at(-1)?.['include']).toEqual([sealed]);
    expect(s.executed).toEqual(['call_1', 'call_2']);
  });

  test('replays for the rest of the run after the server refused a chain', async () => {
    const s = scenario({ script: thinking, faults: [{ fault: 'azure-loses-calls' }] });
    const run = s.start();
    await s.settle(run.result());
    expect(
      run.view.iterations.map(({ attempts }) =>
        attempts.map(({ strategy, status }) => `${strategy} ${status}`),
      ),
    ).toEqual([['first completed'], ['chain refused', 'replay completed'], ['replay completed']]);
    expect(run.view.warnings).toHaveLength(1);
    expect(run.view.warnings[0]).toMatchObject({
      code: 'replay',
      message: expect.stringContaining('No tool call found'),
    });
  });

  test('reports the first error if the server refuses the replay, too', async () => {
    const s = scenario({
      faults: [
        { fault: 'http', status: 400, iteration: 1, param: 'input', message: 'First.' },
        { fault: 'http', status: 400, iteration: 1, param: 'input', message: 'Second.' },
      ],
    });
    const error = await s.rejection(s.start().result());
    expect(error).toMatchObject({ message: expect.stringContaining('First.') });
    expect(s.creates()).toHaveLength(3);
  });

  test.each(['temperature', 'tools[0].parameters'])(
    'fails the run without a replay after a 400 about %s',
    async (param) => {
      const s = scenario({ faults: [{ fault: 'http', status: 400, iteration: 1, param, message: 'No.' }] });
      expect(await s.rejection(s.start().result())).toMatchObject({
        message: expect.stringContaining('No.'),
      });
      expect(s.creates()).toHaveLength(2);
    },
  );

  test('retries previous_response_not_found twice within 5 s before it replays', async () => {
    const s = scenario({ faults: [{ fault: 'previous-response-not-found-for', ms: 60_000 }] });
    const run = s.start();
    await s.settle(run.result());
    const creates = s.emulator.requests.filter(({ method }) => method === 'POST');
    expect(creates.map(({ body }) => 'previous_response_id' in (body ?? {}))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect((creates[3]?.at ?? 0) - (creates[1]?.at ?? 0)).toBeLessThanOrEqual(5_000);
  });
});

describe('continuing a terminal run', () => {
  async function ended(s: Scenario, options: object = {}) {
    const run = s.start('First.', options);
    await s.settle(run.done());
    return run;
  }

  test.each(['chain', 'replay'] as const)(
    'by %s sends the earlier conversation to the model',
    async (continuation) => {
      const s = scenario({
        script: ({ items, userText }) => ({ text: `${items.length} items, then: ${userText}` }),
        runner: { continuation },
      });
      const first = await ended(s);
      const second = s.start('Second.', { continueFrom: first.id });
      expect((await s.settle(second.result())).text).toBe('3 items, then: Second.');
      const third = s.start('Third.', { continueFrom: second.id });
      expect((await s.settle(third.result())).text).toBe('5 items, then: Third.');
      expect(inputOf(s.creates()[2])).toHaveLength(continuation === 'chain' ? 1 : 5);
    },
  );

  test('chains to the last completed response, with the recorded outputs and the text that was read before the new input', async () => {
    const s = scenario({ script: [thinking[0] ?? {}, { text: 'Half', incomplete: true }, { text: 'Now.' }] });
    const first = await ended(s);
    expect(first.view.status).toBe('incomplete');
    const next = s.start('Go on.', { continueFrom: first.id });
    await s.settle(next.done());
    expect(s.creates()[2]).toMatchObject({
      previous_response_id: first.view.iterations[0]?.responseId,
      input: [
        { type: 'function_call_output', call_id: 'call_1' },
        { role: 'assistant', content: 'Half' },
        { role: 'user', content: 'Go on.' },
      ],
    });
    expect(s.executed).toEqual(['call_1']);
  });

  test('sends an output for each call without one, which states that the call did not run', async () => {
    const s = scenario({
      script: [thinking[0] ?? {}, { text: 'Fine.' }],
      tools: [],
      agent: { maxIterations: 1 },
    });
    const first = await ended(s);
    expect(first.view.toolCalls).toMatchObject([{ status: 'cancelled' }]);
    const next = s.start('Go on.', { continueFrom: first.id });
    expect((await s.settle(next.result())).text).toBe('Fine.');
    expect(inputOf(s.creates()[1])[0]).toMatchObject({
      type: 'function_call_output',
      output: expect.stringContaining('was not run'),
    });
  });

  test('retries a failed run if the input is empty, and executes no call again', async () => {
    const s = scenario({
      script: weatherScript,
      faults: [{ fault: 'fail', code: 'invalid_prompt', iteration: 1 }],
    });
    const first = await ended(s);
    expect(first.view.status).toBe('failed');
    for (const nothing of ['', []]) {
      const before = s.creates().length;
      const again = s.start(nothing, { continueFrom: first.id });
      expect((await s.settle(again.result())).text).toBe('Leave the umbrella at home.');
      expect(inputOf(s.creates()[before])).toEqual([
        { type: 'function_call_output', call_id: 'call_1', output: '{"tempC":21}' },
      ]);
    }
    expect(s.executed).toEqual(['Paris']);
  });

  test('starts with the input of the earlier run if that run has no completed response', async () => {
    const s = scenario({ faults: [{ fault: 'fail', code: 'invalid_prompt', iteration: 0 }] });
    const first = await ended(s);
    const again = s.start([], { continueFrom: first.id });
    await s.settle(again.result());
    expect(inputOf(s.creates()[1])).toEqual([{ role: 'user', content: 'First.' }]);
  });

  test.each([
    ['is not in the store', 'run_x', /no run "run_x"/],
    ['is still active', 'run_1', /Only a run that has ended/],
  ])('rejects a run that %s, and sends no request', async (_name, continueFrom, message) => {
    const s = scenario();
    s.start('Hi', { runId: 'run_1' });
    await s.quiet();
    const before = s.creates().length;
    const error = await s.rejection(s.start('Go on.', { continueFrom }).result());
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(s.creates()).toHaveLength(before);
  });
});
