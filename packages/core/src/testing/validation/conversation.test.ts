import { describe, expect, test } from 'vitest';
import { manualClock, type EmulatorOptions, type Iteration } from '../index.ts';
import { isJsonObject } from '../../wire/json.ts';
import { api, facts } from '../../../test-support/emulator-answers.ts';

const output = { type: 'function_call_output', call_id: 'call_x', output: 'done' };

const user = { role: 'user', content: 'Hi' };

describe('continuing a conversation', () => {
  const iterations: Iteration[] = [
    { reasoning: true, calls: [{ name: 'f', callId: 'call_x' }] },
    { text: 'Done' },
  ];

  async function firstIteration(options: Partial<EmulatorOptions> = {}, body: object = {}) {
    const server = api({ script: iterations, ...options });
    const { body: first } = await server.create(body);
    const items = Array.isArray(first['output']) ? first['output'] : [];
    return { ...server, id: first['id'], items };
  }

  test('by chain needs the outputs of all calls and is answered with the second iteration', async () => {
    const { create, id } = await firstIteration();
    expect(facts(await create({ previous_response_id: id, input: 'And now?' }))[1]).toBe(
      'No tool output found for function call call_x.',
    );
    expect(await create({ previous_response_id: id, input: [output] })).toMatchObject({
      status: 200,
      body: { output: [{ content: [{ text: 'Done' }] }] },
    });
  });

  test('by replay needs the reasoning of each call and is answered with the second iteration', async () => {
    const { create, items } = await firstIteration();
    const [reasoning, made] = items;
    expect(facts(await create({ input: [user, made, output] }))[1]).toMatch(
      /^Item 'fc_\w+' of type 'function_call' was provided without its required 'reasoning' item: 'rs_\w+'\.$/,
    );
    expect(await create({ input: [user, reasoning, made, output] })).toMatchObject({
      status: 200,
      body: { output: [{ content: [{ text: 'Done' }] }] },
    });
  });

  test('is refused if it sends items that are already in the chain', async () => {
    const { create, id, items } = await firstIteration();
    expect(facts(await create({ previous_response_id: id, input: [...items, output] }))[1]).toMatch(
      /^Duplicate item found with id rs_/,
    );
  });

  test('after an unstored response is possible only by replay with encrypted reasoning; calls need no ids', async () => {
    const { create, id, items } = await firstIteration(
      {},
      { store: false, include: ['reasoning.encrypted_content'] },
    );
    const [reasoning, made] = items;
    const withoutId = isJsonObject(made) ? { ...made, id: undefined } : {};
    expect(facts(await create({ previous_response_id: id, input: [output] }))[3]).toBe(
      'previous_response_not_found',
    );
    expect((await create({ input: [user, reasoning, made, output] })).status).toBe(200);
    const plain = isJsonObject(reasoning) ? { ...reasoning, encrypted_content: undefined } : {};
    expect((await create({ input: [user, plain, withoutId, output] })).status).toBe(404);
    expect((await create({ input: [user, reasoning, withoutId, output] })).status).toBe(200);
  });

  test('can use item_reference only if the item is stored', async () => {
    const { create, items } = await firstIteration();
    const references = items.map((item) => ({
      type: 'item_reference',
      id: isJsonObject(item) ? item['id'] : '',
    }));
    expect(await create({ input: [user, ...references, output] })).toMatchObject({
      status: 200,
      body: { output: [{ content: [{ text: 'Done' }] }] },
    });
    const lost = await firstIteration({}, { store: false });
    const unknown = lost.items.map((item) => ({
      type: 'item_reference',
      id: isJsonObject(item) ? item['id'] : '',
    }));
    expect((await lost.create({ input: [user, ...unknown, output] })).status).toBe(404);
  });

  test('cannot chain to a response that is still running', async () => {
    const clock = manualClock();
    const { create } = api({ script: iterations, clock, queuedMs: 10, runMs: 10 });
    const { body } = await create({ background: true });
    expect(facts(await create({ previous_response_id: body['id'], input: [output] }))[0]).toBe(400);
    await clock.advance(20);
    expect(
      (await create({ previous_response_id: body['id'], input: [output], background: true })).status,
    ).toBe(200);
  });
});
