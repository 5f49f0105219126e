import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import {
  faultWorld as world,
  gatewayFaults,
  output,
  type GatewayFault,
} from '../../../test-support/fault-world.ts';
import { testFaults } from '../../../test-support/test-faults.ts';
import type { FaultName, WebhookOptions } from '../index.ts';
import type { CreateFault } from './create-fault.ts';
import type { ResponseFault } from './response-fault.ts';
import type { StreamFault } from './stream-fault.ts';
import { untilTestEnds } from '../../../test-support/patience.ts';

/** Waits for the deliveries, because signing takes longer on a busy machine. */
async function signed(delivered: readonly string[], count: number): Promise<void> {
  await vi.waitUntil(() => delivered.length >= count, { interval: 1, timeout: untilTestEnds });
}

/** A receiver of webhooks that keeps their ids. */
function receiver(delivered: string[]): WebhookOptions {
  return {
    url: 'http://receiver.test/',
    secret: 'whsec_c2VjcmV0',
    fetch: async (_url, init) => {
      delivered.push(new Headers(init.headers).get('webhook-id') ?? '');
      return new Response();
    },
  };
}

const refusedWith = (code: string): object => ({ name: 'TypeError', cause: { code } });

/** One check for each fault of requests, cancels and webhooks; the compiler requires all of them. */
const cases: {
  readonly [Name in Exclude<
    FaultName,
    GatewayFault | (CreateFault | ResponseFault | StreamFault)['fault']
  >]: () => Promise<void>;
} = {
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
      { fault: 'http', on: 'delete', status: 503 },
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
    expect((await raw(`/${id}`, 'DELETE')).status).toBe(503);
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
    const delivered: string[] = [];
    const { create, clock } = world([{ fault: 'lost-webhook' }], { webhooks: receiver(delivered) });
    await create();
    await clock.advance(10);
    await create();
    await clock.advance(2000);
    await signed(delivered, 1);
    await clock.advance(0);
    expect(delivered).toHaveLength(1);
  },
  'duplicate-webhook': async () => {
    const delivered: string[] = [];
    const { create, clock } = world([{ fault: 'duplicate-webhook' }], { webhooks: receiver(delivered) });
    await create();
    await clock.advance(2000);
    await signed(delivered, 2);
    expect([delivered.length, delivered[0]]).toEqual([2, delivered[1]]);
  },
};

testFaults(cases);

test.each(gatewayFaults)('the guide names %s', (name) => {
  const guide = readFileSync(new URL('../../../docs/testing.md', import.meta.url), 'utf8');
  expect(guide).toContain(`\`${name}\``);
});

describe('a fault', () => {
  test('affects only its iteration, after `skip` requests, and `times` times', async () => {
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

  test('can be injected into a running emulator and removed again', async () => {
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
  test('holdQueue keeps queued responses queued, and releaseQueue continues them with the time they had left', async () => {
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

  test('holdQueue delays the events of open streams', async () => {
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

  test('dropConnections breaks open streams, and after expireStreams responses can only be polled', async () => {
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
