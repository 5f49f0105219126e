import { describe, expect, test } from 'vitest';
import {
  faultWorld as world,
  iterations,
  output,
  type FaultWorld,
  type GatewayFault,
} from '../../../test-support/fault-world.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';

/** The data of each event in a stream's text. */
function dataOf(text: string): readonly JsonObject[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map((match): JsonObject => JSON.parse(match[1] ?? '{}'));
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The responses in the events of a stream, in order. */
function snapshots(text: string): readonly JsonObject[] {
  return dataOf(text).flatMap(({ response }) => (isJsonObject(response) ? [response] : []));
}

const html = '<html><head><title>Sign in</title></head></html>';
const question = { role: 'user', content: 'Weather?' };

/** Opens a stream and returns when its headers and first bytes arrive, in milliseconds after the request. */
async function arrival({ clock, emulator }: FaultWorld, open: () => Promise<Response>) {
  const began = clock.now();
  const times: { headers?: number; bytes?: number } = {};
  let text = '';
  const reading = (async () => {
    const response = await open();
    times.headers = clock.now() - began;
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      times.bytes ??= clock.now() - began;
      text += decoder.decode(chunk, { stream: true });
    }
  })();
  await clock.advance(2000);
  await reading;
  return { times, text, requests: emulator.requests.length };
}

/** One check for each of these faults; the compiler requires all of them. */
const cases: { readonly [Name in GatewayFault]: () => Promise<void> } = {
  'buffer-stream': async () => {
    const body = { stream: true };
    for (const [hold, headers] of [
      [undefined, 1000],
      ['headers', 1000],
      ['body', 0],
    ] as const) {
      const held = world([{ fault: 'buffer-stream', ...(hold === undefined ? {} : { hold }) }]);
      const created = await arrival(held, () => held.create(body));
      expect(created.times, 'the answer waits for the response’s end').toEqual({ headers, bytes: 1000 });
      expect(dataOf(created.text).at(-1)).toMatchObject({ type: 'response.completed' });
    }
    const late = world([{ fault: 'buffer-stream', hold: 'body', skip: 1 }]);
    const response = await late.create(body);
    await response.body?.cancel();
    const id = late.emulator.snapshot().responses[0]?.id ?? '';
    const resumed = await arrival(late, () => late.raw(`/${id}?stream=true`));
    expect(resumed.times).toEqual({ headers: 0, bytes: 1000 });
  },
  'call-with-output': async () => {
    const { created, get, clock } = world([{ fault: 'call-with-output', output: '21 degrees' }]);
    const id = await created();
    await clock.advance(1000);
    expect(await get(id)).toMatchObject({
      output: [
        { type: 'function_call', call_id: 'call_x' },
        { type: 'function_call_output', call_id: 'call_x', output: '21 degrees' },
      ],
    });
  },
  'chain-ignored': async () => {
    const seen: number[] = [];
    const { created, create, get, clock, json } = world([{ fault: 'chain-ignored' }], {
      script: (request) => {
        seen.push(request.items.length);
        return iterations[request.iterationIndex] ?? {};
      },
    });
    const id = await created();
    await clock.advance(1000);
    const next = await json(create({ previous_response_id: id, input: [output] }));
    expect(next).toMatchObject({ status: 'queued', previous_response_id: null });
    await clock.advance(1000);
    const answer = await get(typeof next['id'] === 'string' ? next['id'] : '');
    expect(JSON.stringify(answer['output'])).toContain('How can I help you');
    const { output: items } = await get(id);
    await create({ input: [question, ...objects(items), output] });
    expect(seen, 'the script is not called for a conversation that the model cannot see').toEqual([1, 3]);
  },
  'content-type': async () => {
    for (const type of ['Text/Event-Stream', 'text/plain', null]) {
      const { create, raw, clock, emulator } = world([{ fault: 'content-type', type }]);
      const streamed = await create({ stream: true });
      expect(streamed.headers.get('content-type')).toBe(type);
      await clock.advance(1000);
      expect(await streamed.text()).toContain('event: response.completed');
      const id = emulator.snapshot().responses[0]?.id ?? '';
      expect((await raw(`/${id}?stream=true`)).headers.get('content-type')).toBe(type);
      expect((await raw(`/${id}`)).headers.get('content-type')).toBe('application/json');
    }
  },
  'empty-terminal-output': async () => {
    const item = { output: [{ type: 'function_call' }] };
    const none = { output: [] };
    for (const [where, terminal, retrieved] of [
      [undefined, none, none],
      ['both', none, none],
      ['terminal', none, item],
      ['retrieve', item, none],
    ] as const) {
      const { events, get } = world([
        { fault: 'empty-terminal-output', ...(where === undefined ? {} : { in: where }) },
      ]);
      const { text, types, id } = await events();
      expect(types).toContain('response.output_item.done');
      expect(snapshots(text).at(-1)).toMatchObject({ status: 'completed', ...terminal });
      expect(await get(id)).toMatchObject({ status: 'completed', ...retrieved });
    }
  },
  'error-event-first': async () => {
    const { events, create, json, emulator } = world([
      { fault: 'error-event-first', code: 'insufficient_quota', message: 'No money.', times: 3 },
    ]);
    const error = { code: 'insufficient_quota', message: 'No money.' };
    expect(dataOf((await events()).text)).toMatchObject([{ type: 'error', sequence_number: 0, error }]);
    const answer = await create();
    expect([answer.status, await answer.json()]).toMatchObject([200, { error }]);
    expect((await json(create({ background: false })))['error']).toMatchObject(error);
    expect(emulator.snapshot().responses, 'no response was created').toEqual([]);
    expect((await create()).status).toBe(200);
    const flat = world([{ fault: 'error-event-first', form: 'flat' }]);
    expect(dataOf((await flat.events()).text)).toMatchObject([{ type: 'error', code: 'server_error' }]);
  },
  'foreign-answer': async () => {
    const { create, created, raw, emulator, clock } = world([
      { fault: 'foreign-answer', on: 'poll', status: 200, times: 2 },
      { fault: 'foreign-answer', on: 'poll', status: 404, body: { message: 'no Route matched' } },
      {
        fault: 'foreign-answer',
        on: 'cancel',
        status: 200,
        body: html,
        contentType: 'text/html',
        served: true,
      },
      { fault: 'foreign-answer', on: 'create', status: 503, skip: 1, forMs: 500 },
    ]);
    const id = await created();
    const page = await raw(`/${id}`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await page.text()).toContain('<title>200');
    await raw(`/${id}`);
    const gateway = await raw(`/${id}`);
    expect([gateway.status, gateway.headers.get('content-type')]).toEqual([404, 'application/json']);
    expect(await gateway.json()).toEqual({ message: 'no Route matched' });
    expect((await raw(`/${id}`)).status).toBe(200);
    const cancelled = await raw(`/${id}/cancel`, 'POST');
    expect(await cancelled.text()).toBe(html);
    expect(await (await raw(`/${id}`)).json(), 'the API got the request').toMatchObject({
      status: 'cancelled',
    });
    expect((await create()).status).toBe(503);
    await clock.advance(499);
    expect((await create()).status).toBe(503);
    await clock.advance(1);
    expect((await create()).status).toBe(200);
    expect(emulator.snapshot().responses, 'served: false does not reach the API').toHaveLength(2);
    expect(page.headers.get('openai-version')).toBeNull();
  },
  'headers-timeout': async () => {
    const { create, clock, emulator, raw } = world(
      [
        { fault: 'headers-timeout', ms: 300 },
        { fault: 'buffer-stream', times: 1 },
      ],
      { runMs: 900 },
    );
    const held = create({ stream: true });
    held.catch(() => undefined);
    const foreground = create({ background: false });
    foreground.catch(() => undefined);
    const quick = await create();
    await clock.advance(300);
    const timedOut = { name: 'TypeError', cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } };
    await expect(held).rejects.toMatchObject(timedOut);
    await expect(foreground).rejects.toMatchObject(timedOut);
    expect(quick.status).toBe(200);
    await clock.advance(2000);
    const [job, cut] = emulator.snapshot().responses;
    expect(await (await raw(`/${job?.id}`)).json(), 'a background job is not cancelled').toMatchObject({
      status: 'completed',
    });
    expect(cut?.cancelled, 'a foreground job ends with its connection').toMatchObject({ started: true });
  },
  'other-ids-in-terminal': async () => {
    const { events, get, create } = world([{ fault: 'other-ids-in-terminal' }]);
    const { text, id } = await events();
    const done = dataOf(text).find(({ type }) => type === 'response.output_item.done')?.['item'];
    const [streamed, [last]] = [isJsonObject(done) ? done : {}, objects(snapshots(text).at(-1)?.['output'])];
    expect(last).toMatchObject({ type: 'function_call', call_id: 'call_x' });
    expect(streamed).toMatchObject({ type: 'function_call', name: 'get_weather' });
    for (const name of ['id', 'call_id']) expect(streamed[name]).not.toBe(last?.[name]);
    expect(objects((await get(id))['output'])[0]).toEqual(last);
    expect((await create({ previous_response_id: id, input: [output] })).status).toBe(200);
  },
  'other-response-id': async () => {
    const ids = (text: string): unknown[] => snapshots(text).map((snapshot) => snapshot['id']);
    const stream = world([{ fault: 'other-response-id', in: 'stream' }]);
    const all = ids((await stream.events()).text);
    expect(new Set(all).size, 'the first event has one id, all later events another').toBe(2);
    expect(all[1]).toBe(all.at(-1));
    expect(all[0]).not.toBe(all[1]);
    const terminal = world([{ fault: 'other-response-id' }]);
    const { text, id } = await terminal.events();
    const other = ids(text).at(-1);
    expect(new Set(ids(text).slice(0, -1))).toEqual(new Set([id]));
    expect(other).not.toBe(id);
    expect(await terminal.get(id), 'GET returns the first id').toMatchObject({ id, status: 'completed' });
    expect((await terminal.raw(`/${String(other)}`)).status).toBe(404);
    const chained = async ({ create }: FaultWorld, previous: unknown): Promise<number> =>
      (await create({ previous_response_id: previous, input: [output] })).status;
    expect([await chained(terminal, other), await chained(terminal, id)]).toEqual([200, 200]);
    for (const [chain, first, second] of [
      ['first', 200, 400],
      ['other', 400, 200],
      ['none', 400, 400],
    ] as const) {
      const server = world([{ fault: 'other-response-id', chain }]);
      const seen = await server.events();
      expect(await chained(server, seen.id)).toBe(first);
      expect(await chained(server, ids(seen.text).at(-1))).toBe(second);
    }
    const retrieve = world([{ fault: 'other-response-id', in: 'retrieve' }]);
    const created = await retrieve.created();
    expect((await retrieve.get(created))['id']).not.toBe(created);
  },
  'same-call-id': async () => {
    const two = [
      { name: 'f', callId: 'call_a' },
      { name: 'g', callId: 'call_b' },
    ];
    for (const calls of [two, two.slice(0, 1)]) {
      const { created, get, clock } = world([{ fault: 'same-call-id' }], { script: [{ calls }] });
      const id = await created();
      await clock.advance(1000);
      const made = objects((await get(id))['output']);
      expect(made.map((item) => item['call_id'])).toEqual(['call_a', 'call_a']);
      expect(new Set(made.map((item) => item['id'])).size).toBe(2);
    }
  },
  'terminal-without-status': async () => {
    const { events, get } = world([{ fault: 'terminal-without-status' }]);
    const { text, id } = await events();
    expect(snapshots(text).at(-1)).not.toHaveProperty('status');
    expect(snapshots(text)[0]).toMatchObject({ status: 'queued' });
    expect(await get(id)).toMatchObject({ status: 'completed' });
    const stale = world([{ fault: 'terminal-without-status', status: 'in_progress' }]);
    expect(snapshots((await stale.events()).text).at(-1)).toMatchObject({ status: 'in_progress' });
  },
  'untyped-events': async () => {
    const { text, types } = await world([{ fault: 'untyped-events' }]).events();
    expect(types.at(-1)).toBe('response.completed');
    for (const data of dataOf(text)) expect(data).not.toHaveProperty('type');
  },
};

describe('each fault of a gateway, a proxy or another server', () => {
  test.each(Object.entries(cases))('%s', async (_name, run) => {
    expect.hasAssertions();
    await run();
  });
});

describe('a fault that has more than one form', () => {
  test('reset with served: false does not reach the API, and the client gets the same error', async () => {
    const { create, emulator } = world([{ fault: 'reset', served: false, times: 2 }]);
    for (let round = 0; round < 2; round += 1) {
      await expect(create()).rejects.toMatchObject({ name: 'TypeError', cause: { code: 'ECONNRESET' } });
    }
    expect(emulator.snapshot().responses).toEqual([]);
    expect((await create()).status).toBe(200);
  });

  test('forMs makes a fault affect every occasion for that time after it first takes effect', async () => {
    const { create, clock, emulator } = world([{ fault: 'refused', forMs: 2000, skip: 1 }]);
    expect((await create()).status).toBe(200);
    await clock.advance(60_000);
    await expect(create()).rejects.toThrow('fetch failed');
    await clock.advance(1999);
    const restored = world([]);
    restored.emulator.restore(emulator.snapshot());
    await expect(create()).rejects.toThrow('fetch failed');
    await clock.advance(1);
    expect((await create()).status).toBe(200);
    expect(emulator.faults).toEqual([]);
    await restored.clock.advance(62_000);
    expect((await restored.create()).status, 'a snapshot keeps the time').toBe(200);
  });

  test('fail adds tryAgainIn to its message', async () => {
    for (const [tryAgainIn, message] of [
      ['22s', /Please try again in 22s\. Visit/],
      [undefined, /^(?!.*try again).*$/],
    ] as const) {
      const { created, get, clock } = world([
        { fault: 'fail', code: 'rate_limit_exceeded', ...(tryAgainIn === undefined ? {} : { tryAgainIn }) },
      ]);
      const id = await created();
      await clock.advance(1000);
      const { error } = await get(id);
      expect(error).toMatchObject({ code: 'rate_limit_exceeded', message: expect.stringMatching(message) });
    }
  });

  test('fail with withoutOutput fails before the model produces output', async () => {
    const { events } = world([{ fault: 'fail', withoutOutput: true }]);
    const { text, types } = await events();
    expect(types).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
      'error',
      'response.failed',
    ]);
    expect(snapshots(text).at(-1)).toMatchObject({ status: 'failed', output: [] });
  });

  test('gap omits events of the given types without renumbering the others (GoModel 953)', async () => {
    const { types, text, error } = await world([
      { fault: 'gap', types: ['response.queued', 'response.function_call_arguments.delta'] },
    ]).events();
    expect(types).not.toContain('response.queued');
    expect(types).not.toContain('response.function_call_arguments.delta');
    expect([types.at(-1), error]).toEqual(['response.completed', undefined]);
    expect(
      dataOf(text)
        .map((data) => data['sequence_number'])
        .slice(0, 2),
    ).toEqual([0, 2]);
  });
});
