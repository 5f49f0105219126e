import { describe, expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import type { Fault, Iteration } from '../../src/testing/index.ts';
import { isJsonObject, type JsonObject } from '../../src/wire/json.ts';
import { outputsIn } from '../../test-support/outputs-in.ts';

const isReplay = (body: JsonObject | undefined): boolean => body?.['previous_response_id'] === undefined;

describe.each(['poll', 'stream'] as const)('a chain that the server refuses, mode %s', (mode) => {
  const refusals: readonly (readonly [string, Fault])[] = [
    [
      'Azure loses the calls of a previous background response (agent-framework 7538)',
      { fault: 'azure-loses-calls' },
    ],
    [
      'the server does not know a finished response for a long time (dotnet/extensions 7704)',
      { fault: 'previous-response-not-found-for', ms: 60_000 },
    ],
  ];
  test.each(refusals)('%s: the run replays, and executes no call again', async (_name, fault) => {
    const script = [
      { reasoning: true, calls: [{ name: 'get_weather', arguments: { city: 'Paris' }, callId: 'call_1' }] },
      { text: 'Leave it.' },
    ];
    const s = scenario({ script, faults: [fault], runner: { mode } });
    const run = s.start();
    expect((await s.settle(run.result())).text).toBe('Leave it.');
    expect(s.executed).toEqual(['Paris']);
    expect(run.view.warnings.map(({ code }) => code)).toEqual(['replay']);
    const creates = s.creates();
    const output = { type: 'function_call_output', call_id: 'call_1', output: '{"tempC":21}' };
    expect(isReplay(creates.at(-1))).toBe(true);
    expect(creates.at(-1)?.['input']).toMatchObject([
      { role: 'user' },
      { type: 'reasoning' },
      { type: 'function_call', call_id: 'call_1' },
      output,
    ]);
    expect(creates.slice(1, -1).every((body) => !isReplay(body))).toBe(true);
    expect(creates.slice(1, -1).map((body) => outputsIn(body))).toEqual(
      creates.slice(1, -1).map(() => ({ call_1: '{"tempC":21}' })),
    );
    expect(creates.every(({ background }) => background === true)).toBe(true);
    expect(s.emulator.generations).toBe(2);
  });

  test('the run repeats the request if a response is not found for 2.5 s (dotnet/extensions 7704)', async () => {
    const s = scenario({
      faults: [{ fault: 'previous-response-not-found-for', ms: 2_500 }],
      runner: { mode },
    });
    const run = s.start();
    await s.settle(run.result());
    expect(run.view.warnings).toEqual([]);
    expect(
      s
        .creates()
        .slice(1)
        .every((body) => !isReplay(body)),
    ).toBe(true);
    expect(s.creates().length).toBeGreaterThan(2);
    expect(s.executed).toEqual(['Paris']);
  });
});

describe('encrypted reasoning', () => {
  test('is not requested unless it is needed, because plain models refuse it (agent-framework 7483)', async () => {
    const s = scenario({ faults: [{ fault: 'no-reasoning-include' }] });
    await s.settle(s.start().result());
    expect(s.creates().every((body) => body['include'] === undefined)).toBe(true);
  });

  test('is omitted, and the create repeated once, if a model refuses it', async () => {
    const s = scenario({ faults: [{ fault: 'no-reasoning-include' }], runner: { continuation: 'replay' } });
    expect((await s.settle(s.start().result())).text).toBe('Leave the umbrella at home.');
    expect(s.creates().map((body) => body['include'])).toEqual([
      ['reasoning.encrypted_content'],
      undefined,
      undefined,
    ]);
    expect(s.emulator.generations).toBe(2);
  });
});

test('a chained create sends only new items, and no item twice (agent-framework 3295)', async () => {
  const calls = (callId: string) => ({
    reasoning: true,
    calls: [{ name: 'get_weather', arguments: { city: callId }, callId }],
  });
  const s = scenario({ script: [calls('call_a'), calls('call_b'), calls('call_c'), { text: 'Done.' }] });
  await s.settle(s.start().result());
  const inputs = s.creates().map((body) => (Array.isArray(body['input']) ? body['input'].length : 0));
  expect(inputs).toEqual([1, 1, 1, 1]);
  expect(
    s
      .creates()
      .slice(1)
      .map((body) => Object.keys(outputsIn(body))),
  ).toEqual([['call_a'], ['call_b'], ['call_c']]);
});

test('the bytes sent grow with the outputs, not with the square of the iterations (ai 7, @openai/agents)', async () => {
  const iterations: Iteration[] = Array.from({ length: 18 }, (_, iteration) => ({
    text: 'Thinking about it, at some length. '.repeat(20),
    calls: [{ name: 'get_weather', arguments: { city: `City ${iteration}` } }],
  }));
  const s = scenario({ script: [...iterations, { text: 'Done.' }] });
  await s.settle(s.start().result());
  const sizes = s.creates().map((body) => JSON.stringify(body).length);
  expect(sizes).toHaveLength(19);
  expect(Math.max(...sizes.slice(1)) - Math.min(...sizes.slice(1))).toBeLessThan(20);
});

test('a replay keeps the order of output items: reasoning precedes its call (agent-framework 2441, 6074)', async () => {
  const script = [
    {
      reasoning: 'First the weather.',
      text: 'Let me look.',
      calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }],
    },
    { reasoning: true, calls: [{ name: 'get_weather', arguments: { city: 'Rome' } }] },
    { text: 'Done.' },
  ];
  const s = scenario({ script, runner: { continuation: 'replay' } });
  const run = s.start();
  await s.settle(run.result());
  const input = s.creates()[2]?.['input'];
  const produced = run.view.items.filter(({ iteration }) => iteration < 2).map(({ item }) => item);
  const isOutput = (item: unknown): boolean => isJsonObject(item) && item['type'] === 'function_call_output';
  expect((Array.isArray(input) ? input : []).filter((item) => !isOutput(item)).slice(1)).toEqual(produced);
});
