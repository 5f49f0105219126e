import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { createEmulator, type Iteration } from '../index.ts';

function api(...iterations: readonly Iteration[]) {
  const emulator = createEmulator({ script: iterations, queuedMs: 0, runMs: 0 });
  async function create(body: object, headers: Record<string, string> = {}): Promise<JsonObject> {
    const init = { method: 'POST', headers, body: JSON.stringify({ model: 'gpt-6-astra', ...body }) };
    const json: unknown = await (await emulator.fetch('/v1/responses', init)).json();
    return isJsonObject(json) ? json : {};
  }
  return { emulator, create };
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

const user = { role: 'user', content: 'Go' };
const beta = { 'openai-beta': 'responses_multi_agent=v1' };
const worker = { agent_name: '/root/worker' };

const team: Iteration = {
  messages: [{ text: 'I count.', agent: '/root/worker', phase: null }],
  items: [
    { type: 'multi_agent_call', action: 'spawn_agent', arguments: '{}', agent: { agent_name: '/root' } },
    { type: 'multi_agent_call_output', action: 'spawn_agent', call_id: 'call_a', output: [] },
    { type: 'agent_message', author: '/root', recipient: '/root/worker', content: [] },
  ],
  text: 'Three.',
  calls: [{ name: 'f', callId: 'call_x', agent: '/root/worker' }],
};

describe('several agents in one response (beta)', () => {
  test('each item of an agent, and each event of that item, names the agent', async () => {
    const { emulator, create } = api(team);
    const { output } = await create({ input: 'Go', multi_agent: { enabled: true } }, beta);
    expect(objects(output).map(({ type, agent }) => [type, agent])).toEqual([
      ['message', worker],
      ['multi_agent_call', { agent_name: '/root' }],
      ['multi_agent_call_output', undefined],
      ['agent_message', undefined],
      ['message', undefined],
      ['function_call', worker],
    ]);
    const client = new OpenAI({ fetch: emulator.fetch, apiKey: 'test' });
    const stream = await client.responses.create({ model: 'gpt-6-astra', input: 'Go', stream: true });
    for await (const event of stream) {
      const ofWorker = 'output_index' in event && (event.output_index === 0 || event.output_index === 5);
      if (ofWorker) expect(event).toMatchObject({ agent: worker });
      else expect(event).not.toMatchObject({ agent: worker });
    }
  });

  test('their items count as one turn, and are accepted as input with or without ids', async () => {
    const { create } = api(team, { text: 'Done' });
    const { output } = await create({ input: 'Go', store: false });
    const answer = { type: 'function_call_output', call_id: 'call_x', output: '3' };
    const bare = objects(output).map(({ id: _id, ...item }) => item);
    for (const items of [objects(output), bare]) {
      const next = await create({ input: [user, ...items, answer], store: false });
      expect(objects(next['output'])[0]).toMatchObject({ content: [{ text: 'Done' }] });
    }
  });

  test('multi_agent needs the beta header', async () => {
    const refused = await api(team).create({ input: 'Go', multi_agent: { enabled: true } });
    expect(refused).toMatchObject({ error: { code: 'unknown_parameter', param: 'multi_agent' } });
  });
});

describe('newer kinds of calls', () => {
  test('a program and a namespace are in the call items, and an asynchronous call may be answered later', async () => {
    const { create } = api(
      {
        items: [{ type: 'program', call_id: 'call_p', code: 'f()', fingerprint: 'g' }],
        calls: [
          { name: 'f', callId: 'call_x', caller: 'call_p' },
          { name: 'g', callId: 'call_y', namespace: 'crm', async: true },
        ],
      },
      { text: 'Done' },
    );
    const { id, output } = await create({ input: 'Go' });
    expect(output).toMatchObject([
      { type: 'program', id: expect.stringMatching(/^cm_/) },
      { type: 'function_call', caller: { type: 'program', caller_id: 'call_p' } },
      { type: 'function_call', namespace: 'crm', async: true },
    ]);
    const caller = { type: 'program', caller_id: 'call_p' };
    const answer = { type: 'function_call_output', call_id: 'call_x', output: '1', caller };
    const next = await create({ previous_response_id: id, input: [answer] });
    expect(objects(next['output'])[0]).toMatchObject({ content: [{ text: 'Done' }] });
  });
});
