import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import {
  faultWorld as world,
  gatewayFaults,
  output,
  type GatewayFault,
} from '../../../test-support/fault-world.ts';
import type { FaultName, WebhookOptions } from '../index.ts';
import { untilTestEnds } from '../../../test-support/patience.ts';

/** However long the signing takes on a machine that is busy. */
async function signed(told: readonly string[], count: number): Promise<void> {
  await vi.waitUntil(() => told.length >= count, { interval: 1, timeout: untilTestEnds });
}

/** A receiver of webhooks that keeps their ids. */
function receiver(told: string[]): WebhookOptions {
  return {
    url: 'http://receiver.test/',
    secret: 'whsec_c2VjcmV0',
    fetch: async (_url, init) => {
      told.push(new Headers(init.headers).get('webhook-id') ?? '');
      return new Response();
    },
  };
}

const refusedWith = (code: string): object => ({ name: 'TypeError', cause: { code } });

/** What each fault does to a run: the compiler sees to it that none is left out. */
const cases: { readonly [Name in Exclude<FaultName, GatewayFault>]: () => Promise<void> } = {
  refused: async () => {
    const { create, emulator } = world([{ fault: 'refused' }]);
    await expect(create()).rejects.toMatchObject(refusedWith('ECONNREFUSED'));
    expect(emulator.requests).toHaveLength(0);
    expect((await create()).status).toBe(200);
  },
  reset: async () => {
    const { create, emulator, clock } = world([{ fault: 'reset' }]);
    await expect(create()).rejects.toMatchObject(refusedWith('ECONNRESET'));
    await clock.advance(2000);
    expect(emulator.requests).toHaveLength(1);
    expect(emulator.generations).toBe(1);
  },
  http: async () => {
    const { raw, created, create } = world([
      { fault: 'http', on: 'poll', status: 429, retryAfter: 7, skip: 1 },
      { fault: 'http', iteration: 1, status: 503 },
      { fault: 'http', on: 'cancel', status: 502, envelope: false },
    ]);
    const id = await created();
    expect((await raw(`/${id}`)).status).toBe(200);
    const limited = await raw(`/${id}`);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await limited.json()).toMatchObject({ error: { code: 'rate_limit_exceeded', type: 'requests' } });
    expect((await raw(`/${id}`)).status).toBe(200);
    const next = await create({ previous_response_id: id, input: [output] });
    expect(await next.json()).toMatchObject({ error: { code: 'server_is_overloaded' } });
    const cancel = await raw(`/${id}/cancel`, 'POST');
    expect([cancel.status, cancel.headers.get('content-type')]).toEqual([502, 'text/html']);
  },
  'cut-body': async () => {
    const { create, emulator } = world([{ fault: 'cut-body' }]);
    const response = await create();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(emulator.snapshot().responses).toHaveLength(1);
  },
  'empty-body': async () => {
    const { created, raw } = world([{ fault: 'empty-body', on: 'poll' }]);
    expect(await (await raw(`/${await created()}`)).text()).toBe('');
  },
  'malformed-body': async () => {
    const { create } = world([{ fault: 'malformed-body' }]);
    await expect((await create()).json()).rejects.toBeInstanceOf(SyntaxError);
  },
  slow: async () => {
    const { create, clock } = world([{ fault: 'slow', ms: 700 }]);
    const answered = (async () => {
      await create();
      return clock.now();
    })();
    await clock.advance(1000);
    expect(await answered).toBe(1_770_000_000_700);
  },
  'slow-poll': async () => {
    const { created, get, clock } = world([{ fault: 'slow-poll', ms: 300 }]);
    const id = await created();
    const answered = (async () => {
      await get(id);
      return clock.now();
    })();
    await clock.advance(1000);
    expect(await answered).toBe(1_770_000_000_300);
  },
  '202-create': async () => {
    const { create } = world([{ fault: '202-create' }]);
    expect([(await create()).status, (await create()).status]).toEqual([202, 202]);
  },
  'ignore-background': async () => {
    const { create, clock } = world([{ fault: 'ignore-background' }]);
    const answer = create();
    await clock.advance(1000);
    expect(await (await answer).json()).toMatchObject({ status: 'completed', background: false });
  },
  'in-progress-foreground': async () => {
    const { created, get, clock, json, create } = world([{ fault: 'in-progress-foreground', times: 2 }]);
    expect(await json(create({ background: false }))).toMatchObject({
      status: 'in_progress',
      background: false,
    });
    const id = await created({ background: false });
    expect(await get(id)).toMatchObject({ status: 'in_progress' });
    await clock.advance(1000);
    expect(await get(id)).toMatchObject({ status: 'completed' });
  },
  'store-false-echo': async () => {
    const { json, create, clock, get, created } = world([{ fault: 'store-false-echo' }]);
    expect(await json(create({ store: true }))).toMatchObject({ store: false });
    const id = await created();
    await clock.advance(600_999);
    expect(await get(id)).toMatchObject({ status: 'completed' });
    expect((await create({ previous_response_id: id, input: [output] })).status).toBe(400);
    await clock.advance(1);
    expect(await get(id)).toMatchObject({ error: { message: `Response with id '${id}' not found.` } });
  },
  'no-reasoning-include': async () => {
    const { create } = world([{ fault: 'no-reasoning-include' }]);
    const refused = await create({ include: ['reasoning.encrypted_content'] });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { param: 'include' } }]);
    expect((await create()).status).toBe(200);
  },
  'azure-loses-calls': async () => {
    const { created, create, get, clock } = world([{ fault: 'azure-loses-calls' }]);
    const id = await created();
    await clock.advance(1000);
    const { output: items } = await get(id);
    expect(await (await create({ previous_response_id: id, input: [output] })).json()).toMatchObject({
      error: { message: 'No tool call found for function call output with call_id call_x.', param: 'input' },
    });
    const replayed = [{ role: 'user', content: 'Weather?' }, ...(Array.isArray(items) ? items : []), output];
    expect((await create({ input: replayed })).status).toBe(200);
  },
  'previous-response-not-found-for': async () => {
    const { created, create, clock } = world([{ fault: 'previous-response-not-found-for', ms: 500 }]);
    const id = await created();
    await clock.advance(1499);
    const next = { previous_response_id: id, input: [output] };
    expect(await (await create(next)).json()).toMatchObject({
      error: { code: 'previous_response_not_found' },
    });
    await clock.advance(1);
    expect((await create(next)).status).toBe(200);
  },
  'stuck-queued': async () => {
    const { created, get, clock } = world([{ fault: 'stuck-queued' }]);
    const [stuck, fine] = [await created(), await created()];
    await clock.advance(86_400_000);
    expect([(await get(stuck))['status'], (await get(fine))['status']]).toEqual(['queued', 'completed']);
  },
  'stuck-in-progress': async () => {
    const { created, get, clock } = world([{ fault: 'stuck-in-progress' }]);
    const id = await created();
    await clock.advance(86_400_000);
    expect(await get(id)).toMatchObject({ status: 'in_progress', output: [] });
  },
  fail: async () => {
    const { created, get, clock, events, emulator } = world([
      { fault: 'fail', code: 'insufficient_quota', iteration: 0, times: 2 },
    ]);
    const id = await created();
    await clock.advance(1000);
    expect(await get(id)).toMatchObject({
      status: 'failed',
      error: { code: 'insufficient_quota' },
      usage: null,
    });
    expect((await events()).types.slice(-2)).toEqual(['error', 'response.failed']);
    expect(emulator.generations).toBe(0);
    const again = await created();
    await clock.advance(1000);
    expect(await get(again)).toMatchObject({ status: 'completed' });
  },
  'error-event-flat': async () => {
    const { text, types } = await world([
      { fault: 'error-event-flat', code: 'rate_limit_exceeded' },
    ]).events();
    expect(types.at(-1)).toBe('response.failed');
    expect(text).toContain('data: {"type":"error","code":"rate_limit_exceeded","message":');
  },
  'error-event-nested': async () => {
    const { events, get } = world([{ fault: 'error-event-nested', ending: 'eof' }]);
    const { text, types, error, id } = await events();
    expect([types.at(-1), error]).toEqual(['error', undefined]);
    expect(text).toContain('{"type":"error","error":{"type":"server_error","code":"server_error"');
    expect(await get(id)).toMatchObject({ status: 'failed' });
  },
  'empty-output': async () => {
    const { created, get, clock } = world([{ fault: 'empty-output' }]);
    const id = await created();
    await clock.advance(1000);
    expect(await get(id)).toMatchObject({ status: 'completed', output: [] });
  },
  'unknown-status': async () => {
    const { created, get, clock } = world([{ fault: 'unknown-status' }]);
    const id = await created();
    await clock.advance(100);
    expect(await get(id)).toMatchObject({ status: 'moderating' });
    await clock.advance(900);
    expect(await get(id)).toMatchObject({ status: 'completed' });
  },
  'unknown-item': async () => {
    const { created, get, clock, create } = world([{ fault: 'unknown-item' }]);
    const id = await created();
    await clock.advance(1000);
    const { output: items } = await get(id);
    expect(items).toMatchObject([{ type: 'hologram_call' }, { type: 'function_call' }]);
    const replayed = [{ role: 'user', content: 'Weather?' }, ...(Array.isArray(items) ? items : []), output];
    expect((await create({ input: replayed })).status, 'a server takes back what it produced').toBe(200);
    expect((await create({ input: [{ type: 'hologram_call', id: 'mine' }] })).status).toBe(400);
  },
  'unknown-event': async () => {
    const { types, text } = await world([{ fault: 'unknown-event' }]).events();
    expect(types.filter((type) => type === 'keepalive')).toHaveLength(2);
    expect(text).toContain('data: {"type":"keepalive","sequence_number":3}');
  },
  'done-event': async () => {
    const { types } = await world([{ fault: 'done-event' }]).events();
    expect(types.at(-1)).toBe('response.done');
  },
  'disconnect-leaves-queued': async () => {
    const { create, get, clock } = world([{ fault: 'disconnect-leaves-queued' }]);
    const reader = (await create({ stream: true })).body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    await clock.advance(3_600_000);
    expect(await get(/resp_\w+/.exec(first)?.[0] ?? '')).toMatchObject({ status: 'queued' });
  },
  'get-404-for': async () => {
    const { created, get, clock } = world([{ fault: 'get-404-for', ms: 400 }]);
    const id = await created();
    await clock.advance(399);
    expect(await get(id)).toMatchObject({ error: { param: null } });
    await clock.advance(1);
    expect(await get(id)).toMatchObject({ status: 'in_progress' });
  },
  'cancel-loses-race': async () => {
    const { created, get, clock, json, raw } = world([{ fault: 'cancel-loses-race' }]);
    const id = await created();
    expect(await json(raw(`/${id}/cancel`, 'POST'))).toMatchObject({ status: 'cancelled', output: [] });
    await clock.advance(1000);
    expect(await get(id)).toMatchObject({ status: 'completed', output: [{ type: 'function_call' }] });
  },
  'cancel-terminal-400': async () => {
    const { created, clock, json, raw, emulator } = world([{ fault: 'cancel-terminal-400' }]);
    const id = await created();
    await clock.advance(1000);
    expect(await json(raw(`/${id}/cancel`, 'POST'))).toMatchObject({
      error: { message: 'Cannot cancel a completed response.' },
    });
    emulator.clearFaults();
    expect(await json(raw(`/${id}/cancel`, 'POST'))).toMatchObject({ status: 'completed' });
  },
  'cancel-without-usage': async () => {
    const { created, clock, json, raw, get } = world([{ fault: 'cancel-without-usage' }]);
    const id = await created();
    await clock.advance(500);
    expect(await json(raw(`/${id}/cancel`, 'POST'))).toMatchObject({ status: 'cancelled', usage: null });
    expect(await get(id)).toMatchObject({ status: 'cancelled', usage: { total_tokens: expect.any(Number) } });
  },
  'lost-webhook': async () => {
    const told: string[] = [];
    const { create, clock } = world([{ fault: 'lost-webhook' }], { webhooks: receiver(told) });
    await create();
    await clock.advance(10);
    await create();
    await clock.advance(2000);
    await signed(told, 1);
    await clock.advance(0);
    expect(told).toHaveLength(1);
  },
  'duplicate-webhook': async () => {
    const told: string[] = [];
    const { create, clock } = world([{ fault: 'duplicate-webhook' }], { webhooks: receiver(told) });
    await create();
    await clock.advance(2000);
    await signed(told, 2);
    expect([told.length, told[0]]).toEqual([2, told[1]]);
  },
  'drop-after-event': async () => {
    const { types, error } = await world([{ fault: 'drop-after-event', n: 4 }]).events();
    expect(types).toHaveLength(5);
    expect(error).toMatchObject({ name: 'TypeError', message: 'terminated' });
  },
  'eof-without-terminal': async () => {
    const { types, error } = await world([{ fault: 'eof-without-terminal', n: 3 }]).events();
    expect([types.length, error]).toEqual([4, undefined]);
  },
  stall: async () => {
    const { events, clock, emulator } = world([{ fault: 'stall', n: 3 }]);
    const { types } = await events();
    expect([types.length, clock.pending]).toEqual([4, 0]);
    emulator.dropConnections();
  },
  gap: async () => {
    const { text } = await world([{ fault: 'gap', n: 1, size: 2 }]).events();
    expect([...text.matchAll(/"sequence_number":(\d+)/g)].slice(0, 2).map((match) => match[1])).toEqual([
      '0',
      '3',
    ]);
  },
  'duplicate-events-on-resume': async () => {
    const { events, raw } = world([{ fault: 'duplicate-events-on-resume' }]);
    const { id } = await events();
    const resumed = await (await raw(`/${id}?stream=true&starting_after=5`)).text();
    expect(/"sequence_number":(\d+)/.exec(resumed)?.[1]).toBe('3');
  },
  'stream-expired': async () => {
    const { events, raw, json } = world([{ fault: 'stream-expired' }]);
    const { id } = await events();
    expect(await json(raw(`/${id}?stream=true`))).toMatchObject({
      error: { message: 'This response can no longer be streamed because it is more than 5 minutes old.' },
    });
  },
  'split-chunks': async () => {
    const { create, clock } = world([{ fault: 'split-chunks', bytes: 5 }]);
    const response = await create({ stream: true });
    const sizes = new Set<number>();
    const reading = (async () => {
      for await (const chunk of response.body ?? []) sizes.add(chunk.length);
    })();
    await clock.advance(1000);
    await reading;
    expect(Math.max(...sizes)).toBe(5);
  },
  'missing-last-blank-line': async () => {
    const { text } = await world([{ fault: 'missing-last-blank-line' }]).events();
    expect(text).toMatch(/[^\n]\n$/);
  },
  'keepalive-comments': async () => {
    const { text, types } = await world([{ fault: 'keepalive-comments' }]).events();
    expect(text.match(/^: keep-alive$/gm)).toHaveLength(types.length);
  },
  'done-sentinel': async () => {
    expect((await world([{ fault: 'done-sentinel' }]).events()).text).toMatch(/\n\ndata: \[DONE\]\n\n$/);
  },
  crlf: async () => {
    expect((await world([{ fault: 'crlf' }]).events()).text).not.toMatch(/[^\r]\n/);
  },
  'unsequenced-events': async () => {
    const { text, types } = await world([{ fault: 'unsequenced-events' }]).events();
    expect(types.at(-1)).toBe('response.completed');
    expect(text).not.toContain('sequence_number');
  },
  'rotating-item-ids': async () => {
    const { text } = await world([{ fault: 'rotating-item-ids' }]).events();
    const ids = [...text.matchAll(/"item_id":"(\w+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  },
};

describe('a fault by name', () => {
  test.each(Object.entries(cases))('%s', async (_name, run) => {
    expect.hasAssertions();
    await run();
  });

  test.each([...Object.keys(cases), ...gatewayFaults])('the guide has %s', (name) => {
    const guide = readFileSync(new URL('../../../docs/testing.md', import.meta.url), 'utf8');
    expect(guide).toContain(`\`${name}\``);
  });

  test('strikes its iteration only, as often as told, after what it skips', async () => {
    const { create, created, clock } = world([
      { fault: 'http', iteration: 1, times: 2, skip: 1, status: 500 },
    ]);
    const id = await created();
    await clock.advance(1000);
    const statuses: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      statuses.push((await create({ previous_response_id: id, input: [output] })).status);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  test('can be injected into a running emulator, and taken away again', async () => {
    const { emulator, create } = world([]);
    const remove = emulator.inject({ fault: 'http', times: Number.POSITIVE_INFINITY });
    expect([(await create()).status, (await create()).status]).toEqual([500, 500]);
    expect(emulator.faults).toHaveLength(1);
    remove();
    expect((await create()).status).toBe(200);
    expect(emulator.faults).toEqual([]);
  });
});

describe('switches of a running emulator', () => {
  test('holdQueue keeps what is queued, and releaseQueue lets it go on where it stood', async () => {
    const { emulator, created, get, clock } = world([]);
    const before = await created();
    await clock.advance(40);
    emulator.holdQueue();
    const after = await created();
    await clock.advance(60_000);
    expect([(await get(before))['status'], (await get(after))['status']]).toEqual(['queued', 'queued']);
    emulator.releaseQueue();
    await clock.advance(60);
    expect([(await get(before))['status'], (await get(after))['status']]).toEqual(['in_progress', 'queued']);
    await clock.advance(920);
    expect([(await get(before))['status'], (await get(after))['status']]).toEqual([
      'completed',
      'in_progress',
    ]);
  });

  test('a held queue is felt by streams that are open', async () => {
    const { emulator, create, clock } = world([]);
    const types: string[] = [];
    const response = await create({ stream: true });
    const reading = (async () => {
      for await (const chunk of response.body ?? []) {
        types.push(
          ...[...new TextDecoder().decode(chunk).matchAll(/^event: (.*)$/gm)].map((match) => match[1] ?? ''),
        );
      }
    })();
    await clock.advance(0);
    emulator.holdQueue();
    await clock.advance(60_000);
    expect(types).toEqual(['response.created', 'response.queued']);
    emulator.releaseQueue();
    await clock.advance(1000);
    await reading;
    expect(types.at(-1)).toBe('response.completed');
  });

  test('dropConnections breaks open streams, expireStreams lets them only be polled', async () => {
    const { emulator, create, clock, raw } = world([]);
    const response = await create({ stream: true });
    const text = response.text();
    text.catch(() => undefined);
    await clock.advance(0);
    emulator.dropConnections();
    await expect(text).rejects.toThrow('terminated');
    const { id = '' } = emulator.snapshot().responses[0] ?? {};
    expect((await raw(`/${id}?stream=true`)).status).toBe(200);
    emulator.expireStreams();
    expect((await raw(`/${id}?stream=true`)).status).toBe(400);
    expect((await raw(`/${id}`)).status).toBe(200);
  });
});
