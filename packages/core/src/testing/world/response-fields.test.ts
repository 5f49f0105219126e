import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { createEmulator, manualClock, type EmulatorOptions, type Iteration } from '../index.ts';

function api(iteration: Iteration = { text: 'Hi' }, options: Partial<EmulatorOptions> = {}) {
  const clock = manualClock(1_790_000_000_000);
  const emulator = createEmulator({ script: [iteration], clock, queuedMs: 0, runMs: 0, ...options });
  async function call(path: string, body?: object): Promise<JsonObject> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const json: unknown = await (await emulator.fetch(`/v1/responses${path}`, init)).json();
    return isJsonObject(json) ? json : {};
  }
  const create = (body: object = {}): Promise<JsonObject> =>
    call('', { model: 'gpt-6-astra', input: 'Hi', ...body });
  return { clock, emulator, call, create };
}

const idle = {
  image_gen: {
    input_tokens: 0,
    input_tokens_details: { image_tokens: 0, text_tokens: 0 },
    output_tokens: 0,
    output_tokens_details: { image_tokens: 0, text_tokens: 0 },
    total_tokens: 0,
  },
  web_search: { num_requests: 0 },
};

describe('fields of a response since summer 2026 (vercel/ai and openai-dotnet recordings)', () => {
  test('exist while the response runs and after it has completed', async () => {
    const { create, clock, call } = api({ text: 'Hi', runMs: 1000 });
    const created = await create({ background: true });
    const now = { moderation: null, access_programs: null, tool_usage: idle };
    expect(created).toMatchObject({ status: 'in_progress', ...now });
    await clock.advance(1000);
    expect(await call(`/${String(created['id'])}`)).toMatchObject({ status: 'completed', ...now });
  });

  test('usage has cache_write_tokens', async () => {
    expect((await api().create())['usage']).toMatchObject({
      input_tokens_details: { cache_write_tokens: 0, cached_tokens: 0 },
    });
  });

  test('tool_usage counts the searches', async () => {
    const search = { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'x' } };
    const { create } = api({ items: [search, search], text: 'Found.' });
    expect(await create()).toMatchObject({ tool_usage: { web_search: { num_requests: 2 } } });
  });

  test.each<[string, JsonObject]>([
    ['gpt-6-astra', { context: 'all_turns', effort: 'medium', mode: 'standard', summary: null }],
    ['gpt-5.6-sol', { context: 'all_turns', effort: 'medium', mode: 'standard', summary: null }],
    ['gpt-5-nano', { context: 'current_turn', effort: 'medium', mode: 'standard', summary: null }],
    ['o3', { context: 'current_turn', effort: 'medium', mode: 'standard', summary: null }],
    ['gpt-4.1', { context: null, effort: null, summary: null }],
  ])('reasoning is echoed with the defaults of %s', async (model, reasoning) => {
    expect((await api().create({ model }))['reasoning']).toEqual(reasoning);
  });

  test('reasoning is echoed as requested', async () => {
    const asked = { effort: 'low', summary: 'auto', context: 'current_turn', mode: 'pro' };
    expect((await api().create({ reasoning: asked }))['reasoning']).toEqual(asked);
  });

  test('a reasoning item has empty content', async () => {
    const { create } = api({ reasoning: true, text: 'Hi' });
    expect(await create()).toMatchObject({ output: [{ type: 'reasoning', content: [], summary: [] }, {}] });
  });

  test('messages have the phase final_answer if the model has phases, unless the script sets another', async () => {
    const { create } = api({
      messages: [{ text: 'I will look.', phase: 'commentary' }],
      text: 'Found.',
    });
    const messages = [
      { type: 'message', phase: 'commentary', content: [{ text: 'I will look.' }] },
      { type: 'message', phase: 'final_answer', content: [{ text: 'Found.' }] },
    ];
    expect(await create()).toMatchObject({ output: messages });
    const { output } = await create({ model: 'gpt-4o' });
    const last: unknown = Array.isArray(output) ? output.at(-1) : undefined;
    expect(last).toMatchObject({ content: [{ text: 'Found.' }] });
    expect(last).not.toHaveProperty('phase');
    const { output: unmarked } = await api({ text: 'Found.', phase: null }).create();
    expect(Array.isArray(unmarked) ? unmarked[0] : {}).not.toHaveProperty('phase');
  });

  test('service_tier is the requested tier until the response has completed, then the tier that the script sets', async () => {
    const { create, call, clock } = api({ text: 'Hi', runMs: 1000, serviceTier: 'default' });
    const created = await create({ background: true, service_tier: 'priority' });
    expect(created).toMatchObject({ service_tier: 'priority' });
    await clock.advance(1000);
    expect(await call(`/${String(created['id'])}`)).toMatchObject({ service_tier: 'default' });
  });

  test('tools are echoed with defaults for omitted fields', async () => {
    const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
    const f = { type: 'function', name: 'f', parameters: schema };
    const tools = [
      f,
      { ...f, defer_loading: true, allowed_callers: ['programmatic'] },
      { type: 'tool_search' },
    ];
    expect((await api().create({ tools }))['tools']).toEqual([
      {
        type: 'function',
        description: null,
        name: 'f',
        output_schema: null,
        parameters: schema,
        strict: true,
      },
      {
        type: 'function',
        allowed_callers: ['programmatic'],
        defer_loading: true,
        description: null,
        name: 'f',
        output_schema: null,
        parameters: schema,
        strict: true,
      },
      { type: 'tool_search', description: null, parameters: null },
    ]);
  });

  test('a stored prompt, options of the cache and options of images are echoed with defaults', async () => {
    const body = await api().create({
      model: undefined,
      prompt: { id: 'pmpt_1' },
      prompt_cache_options: { mode: 'explicit' },
      image: { context_compression: 'enabled' },
    });
    expect(body).toMatchObject({
      prompt: { id: 'pmpt_1', variables: null, version: null },
      prompt_cache_options: { mode: 'explicit', ttl: '30m' },
      image: { context_compression: 'enabled' },
    });
    expect(await api().create()).not.toHaveProperty('prompt');
  });
});

describe('a response since summer 2026', () => {
  test.each(['steered', 'max_messages', 'content_filter'])(
    'ends as incomplete because of %s',
    async (reason) => {
      const { create } = api({ text: 'Half', incomplete: reason });
      expect(await create()).toMatchObject({ status: 'incomplete', incomplete_details: { reason } });
    },
  );

  test('fails with error.misalignment', async () => {
    const misalignment = { error_type: 'other', detailed_explanation: 'It sent a file elsewhere.' };
    const code = 'misalignment_policy_violation';
    const { create } = api({ fail: { code, message: 'Stopped.', misalignment } });
    expect(await create()).toMatchObject({
      status: 'failed',
      error: { code, message: 'Stopped.', misalignment },
    });
  });
});

describe('a discounted background response', () => {
  const discounted = {
    background: true,
    background_options: { completion_window: '2h', continuation_id: 'a' },
  };

  test('echoes its options, and stays queued for half of its window unless the script sets a time', async () => {
    const { create, clock, call } = api();
    const created = await create(discounted);
    expect(created).toMatchObject({ status: 'queued', background_options: discounted.background_options });
    await clock.advance(3_600_000 - 1);
    expect(await call(`/${String(created['id'])}`)).toMatchObject({ status: 'queued' });
    await clock.advance(1);
    expect(await call(`/${String(created['id'])}`)).toMatchObject({ status: 'completed' });
    const quick = api({ text: 'Hi', queuedMs: 10 });
    const soon = await quick.create({ background: true, background_options: { completion_window: '8h' } });
    await quick.clock.advance(10);
    expect(await quick.call(`/${String(soon['id'])}`)).toMatchObject({ status: 'completed' });
  });

  test.each<[string, object, string]>([
    ['a stream', { stream: true }, 'stream'],
    ['background: false', { background: false }, 'background'],
    ['another tier', { service_tier: 'priority' }, 'service_tier'],
  ])('is refused with %s', async (_name, more, param) => {
    const { create, emulator } = api();
    const refused = await create({ ...discounted, ...more });
    expect(refused).toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect(emulator.generations).toBe(0);
    const soonest = { completion_window: 'soonest' };
    const plain = await create({ ...discounted, background_options: soonest, ...more, stream: false });
    expect(plain).toMatchObject({ object: 'response' });
  });

  test('is refused with an unknown window', async () => {
    const refused = await api().create({ ...discounted, background_options: { completion_window: '5h' } });
    expect(refused).toMatchObject({
      error: {
        message: "Invalid value: '5h'. Supported values are: 'soonest', '2h', and '8h'.",
        param: 'background_options.completion_window',
      },
    });
  });
});
