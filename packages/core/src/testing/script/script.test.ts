import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { createEmulator, type Script, type ScriptRequest } from '../index.ts';

const output = { type: 'function_call_output', call_id: 'call_x', output: 'sunny' };
const f = { name: 'f', callId: 'call_x' };

function model(script: Script) {
  const emulator = createEmulator({ script, runMs: 0 });
  async function create(body: object): Promise<JsonObject> {
    const init = { method: 'POST', body: JSON.stringify({ model: 'm', input: 'Hi', ...body }) };
    const value: unknown = await (await emulator.fetch('/v1/responses', init)).json();
    return isJsonObject(value) ? value : {};
  }
  return { emulator, create };
}

function items(response: JsonObject): readonly JsonValue[] {
  return Array.isArray(response['output']) ? response['output'] : [];
}

describe('a script', () => {
  const script: Script = [{ calls: [f] }, { calls: [{ name: 'g', callId: 'call_y' }] }, { text: 'Done' }];
  const second = { type: 'function_call_output', call_id: 'call_y', output: '2' };

  test('answers with the iteration that follows from the conversation: chained, replayed, repeated or concurrent', async () => {
    const { create } = model(script);
    const runs = await Promise.all(Array.from({ length: 20 }, () => create({})));
    for (const first of runs) {
      const chained = { previous_response_id: first['id'], input: [output] };
      const replayed = { input: [{ role: 'user', content: 'Hi' }, ...items(first), output] };
      for (const body of [chained, chained, replayed]) {
        const next = await create(body);
        expect(next).toMatchObject({ output: [{ name: 'g' }] });
        expect(await create({ previous_response_id: next['id'], input: [second] })).toMatchObject({
          output: [{ type: 'message' }],
        });
      }
    }
  });

  test('fails a response for which it has no iteration, with that cause', async () => {
    const { create } = model([{ calls: [f] }]);
    const first = await create({});
    expect(await create({ previous_response_id: first['id'], input: [output] })).toMatchObject({
      status: 'failed',
      error: { code: 'script_exhausted', message: expect.stringContaining('1 iteration') },
    });
  });

  test('calls an earlier tool again for tool_choice "required" if the iteration has no call', async () => {
    const { create } = model([{ calls: [f] }, { text: 'Done' }]);
    const choice = {
      tool_choice: 'required',
      tools: [{ type: 'function', name: 'f', parameters: null, strict: false }],
    };
    const first = await create(choice);
    const next = await create({ ...choice, previous_response_id: first['id'], input: [output] });
    expect(next).toMatchObject({ output: [{ type: 'function_call', name: 'f' }] });
    const [call] = items(next);
    expect(isJsonObject(call) ? call['call_id'] : 'call_x').not.toBe('call_x');
  });

  test('that is a function gets the body, the iteration, the conversation, the outputs by call, and the user’s last text', async () => {
    const seen: ScriptRequest[] = [];
    const { create } = model((request) => {
      seen.push(request);
      return request.iterationIndex === 0
        ? { calls: [f] }
        : { text: `It is ${request.items.at(-1)?.['output'] === 'sunny' ? 'sunny' : 'lost'}.` };
    });
    const first = await create({ metadata: { run: '7' } });
    const next = await create({ previous_response_id: first['id'], input: [output] });
    expect(next).toMatchObject({ output: [{ content: [{ text: 'It is sunny.' }] }] });
    expect(seen[0]).toMatchObject({
      iterationIndex: 0,
      userText: 'Hi',
      metadata: { run: '7' },
      body: { metadata: { run: '7' } },
    });
    expect(seen[1]?.outputs).toEqual({ call_x: 'sunny' });
    expect(seen[1]?.items.map((item) => item.type ?? item['role'])).toEqual([
      'user',
      'function_call',
      'function_call_output',
    ]);
  });
});

describe('the output of an iteration', () => {
  test('has string arguments verbatim, other arguments as JSON, and item ids with the prefix of their chain', async () => {
    const { create } = model([
      {
        reasoning: true,
        text: 'So:',
        calls: [{ name: 'a', arguments: '{"broken' }, { name: 'b', arguments: null }, { name: 'c' }],
      },
    ]);
    const response = await create({});
    expect(items(response)).toMatchObject([
      { type: 'reasoning', summary: [] },
      { type: 'message', role: 'assistant' },
      { arguments: '{"broken' },
      { arguments: 'null' },
      { arguments: '{}' },
    ]);
    const prefix =
      /^resp_([0-9a-f]{16})00[0-9a-f]{32}$/.exec(
        typeof response['id'] === 'string' ? response['id'] : '',
      )?.[1] ?? '-';
    for (const item of items(response))
      expect(isJsonObject(item) ? item['id'] : '').toMatch(new RegExp(`^(rs|msg|fc)_${prefix}00`));
  });

  test('has one call with parallel_tool_calls: false', async () => {
    const { create } = model([{ calls: [f, { name: 'g' }] }]);
    expect(items(await create({ parallel_tool_calls: false }))).toHaveLength(1);
  });

  test('ends with an incomplete item in an incomplete response, and contains items of a failed one, refusals and raw items', async () => {
    const { create } = model((request) => {
      if (request.userText === 'incomplete') return { text: 'Half', incomplete: true };
      if (request.userText === 'fail') return { text: 'So far', fail: { code: 'server_error' } };
      return {
        refusal: 'No.',
        items: [{ type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'x' } }],
      };
    });
    expect(await create({ input: 'incomplete' })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      completed_at: null,
      output: [{ status: 'incomplete' }],
    });
    expect(await create({ input: 'fail' })).toMatchObject({
      status: 'failed',
      usage: null,
      output: [{ content: [{ text: 'So far' }] }],
    });
    expect(items(await create({}))).toMatchObject([
      { type: 'web_search_call', id: expect.stringMatching(/^ws_/) },
      { content: [{ type: 'refusal', refusal: 'No.' }] },
    ]);
  });
});
