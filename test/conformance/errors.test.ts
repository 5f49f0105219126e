import { createEmulator, manualClock, type Fault, type Iteration } from '@longhaul/core/testing';
import { describe, expect, test } from 'vitest';
import { normalised } from './normalise.ts';
import { example, exampleFiles, haveRecordings, whyNot, type Json, type JsonRecord } from './recordings.ts';

interface Provoked {
  readonly status: number;
  readonly body: JsonRecord;
}

type Call = (method: string, path: string, body?: object) => Promise<Provoked>;

interface Api {
  readonly call: Call;
  /** Creates a response and returns its id. */
  readonly create: (body?: object) => Promise<string>;
  readonly later: (ms: number) => Promise<void>;
}

const user = { role: 'user', content: 'Hi' };
const made = { type: 'function_call', call_id: 'call_x', name: 'f', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'call_x', output: 'done' };

function api(
  options: {
    readonly faults?: readonly Fault[];
    readonly iterations?: readonly Iteration[];
    readonly zeroDataRetention?: boolean;
  } = {},
): Api {
  const clock = manualClock(1_770_000_000_000);
  const { iterations = [{ text: 'Hi' }, { text: 'Hi again' }], ...rest } = options;
  const emulator = createEmulator({
    script: iterations,
    models: { 'gpt-4o': 'gpt-4o-2024-08-06' },
    clock,
    runMs: 0,
    queuedMs: 0,
    ...rest,
  });
  const call: Call = async (method, path, body) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await emulator.fetch(`/v1/responses${path}`, { method, ...init });
    return { status: response.status, body: await response.json() };
  };
  return {
    call,
    create: async (body = {}) => {
      const init = { method: 'POST', body: JSON.stringify({ model: 'gpt-4o', input: 'Hi', ...body }) };
      const text = await (await emulator.fetch('/v1/responses', init)).text();
      return /resp_\w+/.exec(text)?.[0] ?? '';
    },
    later: (ms) => clock.advance(ms),
  };
}

const post = (body: object): Promise<Provoked> =>
  api().call('POST', '', { model: 'gpt-4o', input: 'Hi', ...body });

/** Provokes each recorded or reported error. */
const provoked: { readonly [file: string]: () => Promise<Provoked> } = {
  'error_400_bad_param.json': () => post({ temperature: -1 }),
  'error_400_cancel_sync.json': async () => {
    const { call, create } = api();
    return call('POST', `/${await create()}/cancel`);
  },
  'error_400_conversation_locked.json': () =>
    api({
      faults: [{ fault: 'http', status: 400, code: 'conversation_locked', param: 'conversation' }],
    }).call('POST', '', {}),
  'error_400_invalid_function_parameters.json': () =>
    post({
      tools: [
        {
          type: 'function',
          name: 'f',
          strict: true,
          parameters: {
            type: 'object',
            properties: { p: { type: 'object', properties: {}, required: [] } },
            required: ['p'],
            additionalProperties: false,
          },
        },
      ],
    }),
  'error_400_missing_reasoning.json': async () => {
    const { call } = api({ iterations: [{ reasoning: true, calls: [{ name: 'f', callId: 'call_x' }] }] });
    const { body } = await call('POST', '', { model: 'gpt-4o', input: 'Hi' });
    const items: readonly Json[] = Array.isArray(body['output']) ? body['output'] : [];
    return call('POST', '', { model: 'gpt-4o', input: [user, items[1], output] });
  },
  'error_400_model_not_found.json': () => post({ model: 'x' }),
  'error_400_no_tool_call.json': () => post({ input: [user, output] }),
  'error_400_no_tool_output.json': () => post({ input: [user, made] }),
  'error_400_previous_response_not_found.json': () => post({ previous_response_id: 'resp_x' }),
  'error_400_previous_response_zdr.json': () =>
    api({ zeroDataRetention: true }).call('POST', '', {
      model: 'gpt-4o',
      input: 'Hi',
      previous_response_id: 'resp_x',
    }),
  'error_400_reasoning_without_following_item.json': () =>
    post({
      input: [
        user,
        {
          type: 'reasoning',
          id: 'rs_68c42de022c881948db7ed1cc2529f2e0202c9ad459e0d23',
          summary: [],
          encrypted_content: 'x',
        },
      ],
    }),
  'error_400_stream_not_background.json': async () => {
    const { call, create } = api();
    return call('GET', `/${await create()}?stream=true`);
  },
  'error_400_stream_too_old.json': async () => {
    const { call, create, later } = api();
    const id = await create({ background: true, stream: true });
    await later(300_001);
    return call('GET', `/${id}?stream=true`);
  },
  'error_404_item_not_found.json': () =>
    post({
      input: [user, { type: 'reasoning', id: 'rs_x', summary: [] }, { role: 'assistant', content: 'Hi' }],
    }),
  'error_404_not_found.json': async () => {
    const { call, create } = api();
    return call('GET', `/${await create({ store: false })}`);
  },
  'error_429_insufficient_quota.json': () =>
    api({ faults: [{ fault: 'http', status: 429, code: 'insufficient_quota' }] }).call('POST', '', {}),
};

/** Replaces ids, because reports shorten them to `rs_x` and recordings contain them in full. */
function idsBlurred(value: Json): Json {
  const text = JSON.stringify(normalised(value)).replace(/\b(resp|rs|fc|call)_(x\b|…)/g, '$1_…');
  return JSON.parse(text);
}

describe('the emulator’s errors equal the recorded or reported errors', () => {
  const files = exampleFiles().filter((file) => file.startsWith('error_'));

  test.skipIf(!haveRecordings)(`each known error is provoked${whyNot}`, () => {
    expect(files).toEqual(Object.keys(provoked).toSorted());
  });

  test.each(files)('%s', async (file) => {
    const { status, body } = example(file);
    const ours = await provoked[file]?.();
    expect(ours?.status).toBe(status);
    expect(idsBlurred(ours?.body ?? null)).toEqual(idsBlurred(body));
  });
});
