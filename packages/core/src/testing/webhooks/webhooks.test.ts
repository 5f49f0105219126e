import OpenAI from 'openai';
import { describe, expect, test, vi } from 'vitest';
import { createEmulator, manualClock, type Emulator, type Iteration } from '../index.ts';
import { untilTestEnds } from '../../../test-support/patience.ts';

interface Received {
  readonly at: number;
  readonly headers: Headers;
  readonly body: string;
}

const secret = 'whsec_c2VjcmV0';

function world(iteration: Iteration, statuses: number[] = []) {
  // WebCrypto signs outside the event loop, so the clock needs a `patienceMs`.
  const clock = manualClock(1_770_000_000_000, { patienceMs: 30 });
  const received: Received[] = [];
  const emulator = createEmulator({
    script: [iteration],
    clock,
    queuedMs: 100,
    runMs: 900,
    webhooks: {
      url: 'http://receiver.test/',
      secret,
      fetch: async (_url, init) => {
        received.push({ at: clock.now(), headers: new Headers(init.headers), body: String(init.body) });
        return new Response(null, { status: statuses.shift() ?? 200 });
      },
    },
  });
  return { clock, received, emulator };
}

async function create(emulator: Emulator, background = true): Promise<void> {
  const body = JSON.stringify({ model: 'm', input: 'Hi', background });
  await emulator.fetch('/v1/responses', { method: 'POST', body });
}

/** Waits for the condition, because signing takes longer on a busy machine. */
async function until(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { interval: 1, timeout: untilTestEnds });
}

describe('webhooks', () => {
  test('are sent when a background response is terminal, contain its id, and are signed as the openai client expects', async () => {
    const { clock, received, emulator } = world({ text: 'Hi' });
    await create(emulator);
    await clock.advance(999);
    expect(received).toEqual([]);
    await clock.advance(1);
    await until(() => received.length > 0);
    const [webhook] = received;
    if (webhook === undefined) throw new Error('no webhook');
    const client = new OpenAI({ apiKey: 'test', webhookSecret: secret });
    await client.webhooks.verifySignature(webhook.body, webhook.headers, secret, Number.POSITIVE_INFINITY);
    const { id } = emulator.snapshot().responses[0] ?? {};
    expect(JSON.parse(webhook.body)).toMatchObject({
      object: 'event',
      type: 'response.completed',
      data: { id },
    });
    await expect(
      client.webhooks.verifySignature(`${webhook.body} `, webhook.headers, secret, Number.POSITIVE_INFINITY),
    ).rejects.toThrow('signature');
  });

  test('are retried with growing delays and the same webhook-id for at most 72 hours', async () => {
    const { clock, received, emulator } = world(
      { text: 'Hi' },
      Array.from({ length: 100 }, () => 503),
    );
    await create(emulator);
    await clock.advance(1000);
    let waited = 0;
    for (let wait = 5000, sent = 1; waited + wait <= 72 * 3_600_000; wait *= 2, sent += 1) {
      await until(() => received.length === sent && clock.pending > 0);
      expect(clock.nextAt).toBe(clock.now() + wait);
      await clock.advance(wait);
      waited += wait;
    }
    expect(waited).toBeGreaterThan(36 * 3_600_000);
    await until(() => received.at(-1)?.at === clock.now());
    await clock.advance(100 * 3_600_000);
    expect(clock.pending).toBe(0);
    expect(received.at(-1)?.at).toBe((received[0]?.at ?? 0) + waited);
    expect(new Set(received.map(({ headers }) => headers.get('webhook-id'))).size).toBe(1);
  });

  test('report failures and cancels too, but no foreground responses', async () => {
    const { clock, received, emulator } = world({ fail: { code: 'server_error' } });
    await create(emulator);
    await create(emulator);
    const { id } = emulator.snapshot().responses[1] ?? {};
    await emulator.fetch(`/v1/responses/${id}/cancel`, { method: 'POST' });
    await until(() => received.length === 1);
    const foreground = create(emulator, false);
    await clock.advance(2000);
    await foreground;
    await until(() => received.length > 1);
    expect(received.map(({ body }) => /response\.\w+/.exec(body)?.[0])).toEqual([
      'response.cancelled',
      'response.failed',
    ]);
  });

  test('are sent once after a restore, not a second time for the replaced responses', async () => {
    const { emulator, received, clock } = world({ text: 'Hi' });
    await create(emulator);
    const snapshot = emulator.snapshot();
    emulator.restore(snapshot);
    await clock.advance(2000);
    await until(() => received.length > 0);
    await clock.advance(0);
    expect(received).toHaveLength(1);
  });
});
