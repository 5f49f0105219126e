import { describe, expect, test, vi } from 'vitest';
import {
  bodyOf,
  completed,
  type Delivery,
  now,
  otherSecret,
  receiver,
  requestOf,
  seconds,
  secret,
  signed,
} from '../../../test-support/webhook-requests.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { signWebhook } from '../../testing/webhooks/sign-webhook.ts';

async function errorOf(answer: Response): Promise<{ readonly code: string; readonly message: string }> {
  const { error } = await answer.json();
  return error;
}

describe('a signed webhook', () => {
  test.each(['completed', 'failed', 'incomplete', 'cancelled'])(
    'response.%s wakes the run',
    async (status) => {
      const { woken, handle } = receiver();
      const answer = await handle(await signed(bodyOf(`response.${status}`)));
      expect([answer.status, await answer.text()]).toEqual([200, '']);
      expect(woken).toEqual(['resp_1']);
    },
  );

  test.each([
    'batch.completed',
    'response.in_progress',
    'response.completed ',
    'constructor',
    '__proto__',
    'toString',
  ])('%s is answered with 200 and has no effect', async (type) => {
    const { woken, handle } = receiver();
    expect((await handle(await signed(bodyOf(type)))).status).toBe(200);
    expect((await handle(await signed(JSON.stringify({ data: { id: 'resp_1' } })))).status).toBe(200);
    expect(woken).toEqual([]);
  });

  test('of an unknown response is answered with 200, so that other applications cause no retries', async () => {
    const { handle } = receiver({ runner: { wakeResponse: async () => false } });
    expect((await handle(await signed())).status).toBe(200);
  });

  test('is accepted without a content type, and with another one', async () => {
    const { woken, handle } = receiver();
    const { headers } = await signed();
    for (const type of ['text/plain', ''] as const) {
      const sent = new Headers(headers);
      sent.set('content-type', type);
      await handle(new Request('https://site.test/', { method: 'POST', headers: sent, body: completed }));
    }
    expect(woken).toHaveLength(2);
  });

  test.each<[string, unknown]>([
    ['no data', undefined],
    ['null', null],
    ['no id', {}],
    ['an empty id', { id: '' }],
    ['a number', { id: 7 }],
    ['an object', { id: { toString: 1 } }],
    ['an array', ['resp_1']],
    ['an id that is a path', { id: '..' }],
    ['an id of a megabyte', { id: 'x'.repeat(10_000) }],
    ['an inherited id', JSON.parse('{"constructor":{"id":"resp_1"}}')],
  ])('with %s instead of an id is answered with 400', async (_what, data) => {
    const { woken, handle } = receiver();
    const event = JSON.stringify({ type: 'response.completed', data });
    const answer = await handle(await signed(event));
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).message).toContain('data.id');
    expect(woken).toEqual([]);
  });

  test.each<[string, string]>([
    ['not JSON', '{'],
    ['empty', ''],
    ['no object', '[]'],
    ['null', 'null'],
    ['with a key that changes prototypes', '{"__proto__":{"type":"response.completed"}}'],
    ['deeply nested', '['.repeat(50_000)],
  ])('whose body is %s is answered with 400', async (_what, body) => {
    const { woken, reported, handle } = receiver();
    expect((await handle(await signed(body))).status).toBe(400);
    expect([woken, reported]).toEqual([[], []]);
  });

  test('whose body is not UTF-8 is answered with 400', async () => {
    const body = new Uint8Array([0x7b, 0xff, 0x7d]);
    const key = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode('a secret of a webhook'),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const start = new TextEncoder().encode(`wh_1.${seconds}.`);
    const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, new Uint8Array([...start, ...body])));
    const signature = `v1,${btoa(String.fromCharCode(...bytes))}`;
    const { handle } = receiver();
    const answer = await handle(requestOf({ timestamp: String(seconds), signature, body }));
    expect([answer.status, (await errorOf(answer)).message]).toEqual([400, 'The body is not UTF-8 text.']);
  });
});

describe('the secret', () => {
  test('may be replaced: webhooks with each of several secrets are accepted', async () => {
    const { woken, handle } = receiver({ secret: [otherSecret, secret] });
    await handle(await signed());
    await handle(await signed(completed, seconds, otherSecret));
    expect(woken).toHaveLength(2);
    expect(
      (await handle(await signed(completed, seconds, `whsec_${btoa('a third secret of it')}`))).status,
    ).toBe(401);
  });

  test('without the prefix is the key itself', async () => {
    const raw = 'a secret that is not base64';
    const { woken, handle } = receiver({ secret: raw });
    await handle(await signed(completed, seconds, raw));
    expect(woken).toEqual(['resp_1']);
  });

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['empty', ''],
    ['an empty list', []],
    ['a list with an empty secret', [secret, '']],
    ['only the prefix', 'whsec_'],
    ['short', 'hunter2'],
    ['short in base64', `whsec_${btoa('hunter2')}`],
    ['not base64', 'whsec_%%%%%%%%%%%%%%%%%%%%%%%%%%%%'],
    ['a number', 7],
  ])('that is %s is a ConfigurationError immediately, which does not contain it', (_what, given) => {
    const make = (): unknown => receiver({ secret: given as string });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/`secret` has to be the signing secret/);
    expect(make).not.toThrow(/hunter2|%%%/);
  });
});

test.each<[string, object]>([
  ['runner', { runner: {} }],
  ['toleranceSeconds', { toleranceSeconds: 0 }],
  ['clock', { clock: {} }],
  ['onError', { onError: 'log' }],
  ['tolerance', { tolerance: 5 }],
])('an invalid option is a ConfigurationError: %s', (name, options) => {
  expect(() => receiver(options)).toThrow(name);
});

describe('a request that OpenAI has not sent', () => {
  test.each<[string, Delivery, string]>([
    ['without a signature', { signature: undefined }, 'webhook-signature'],
    ['without an id', { id: '' }, 'webhook-id'],
    ['without a time', { timestamp: undefined }, 'webhook-timestamp'],
    ['with a time that is not a number', { timestamp: 'NaN' }, 'webhook-timestamp'],
    ['with an infinite time', { timestamp: 'Infinity' }, 'webhook-timestamp'],
    ['with a wrong signature', { signature: `v1,${btoa('x'.repeat(32))}` }, 'does not match'],
    ['with a short signature', { signature: `v1,${btoa('x')}` }, 'does not match'],
    ['with an empty signature', { signature: 'v1,' }, 'does not match'],
    ['with a signature that is not base64', { signature: 'v1,%%%' }, 'does not match'],
    ['with thousands of signatures', { signature: 'v1,AAAA '.repeat(10_000) }, 'too long'],
    ['with a long id', { id: 'x'.repeat(10_000) }, 'too long'],
  ])('%s is answered with 401 and a reason', async (_what, delivery, reason) => {
    const { woken, reported, handle } = receiver();
    const signature = await signWebhook(secret, 'wh_1', seconds, completed);
    const answer = await handle(requestOf({ timestamp: String(seconds), signature, ...delivery }));
    expect(answer.status).toBe(401);
    const { code, message } = await errorOf(answer);
    expect([code, message]).toEqual(['invalid_signature', expect.stringContaining(reason)]);
    expect(message).not.toContain(secret);
    expect([woken, reported]).toEqual([[], []]);
  });

  test.each<[string, (request: Request) => Delivery]>([
    ['another body', () => ({ body: `${completed} ` })],
    ['another id', () => ({ id: 'wh_2' })],
    ['another time', () => ({ timestamp: String(seconds + 1) })],
  ])('with the signature of a real webhook and %s is answered with 401', async (_what, change) => {
    const { woken, handle } = receiver();
    const real = await signed();
    const signature = real.headers.get('webhook-signature') ?? '';
    const answer = await handle(requestOf({ timestamp: String(seconds), signature, ...change(real) }));
    expect([answer.status, woken]).toEqual([401, []]);
  });

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])(
    'with the method %s is answered with 405',
    async (method) => {
      const answer = await receiver().handle(requestOf({ method }));
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    },
  );

  test('with a large body is answered with 413, before the whole body has arrived', async () => {
    const { handle } = receiver();
    let chunks = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        chunks += 1;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    const signature = await signWebhook(secret, 'wh_1', seconds, completed);
    expect((await handle(requestOf({ timestamp: String(seconds), signature, body }))).status).toBe(413);
    expect(chunks).toBeLessThan(12);
    const declared = requestOf({
      timestamp: String(seconds),
      signature,
      headers: { 'content-length': '70000' },
    });
    expect((await handle(declared)).status).toBe(413);
  });

  test('whose body does not arrive is answered with 408', async () => {
    const sleep = vi.fn(async () => undefined);
    const { handle } = receiver({ clock: { now: () => now, sleep } });
    const body = new ReadableStream<Uint8Array>({});
    const signature = await signWebhook(secret, 'wh_1', seconds, completed);
    expect((await handle(requestOf({ timestamp: String(seconds), signature, body }))).status).toBe(408);
    expect(sleep).toHaveBeenCalledWith(10_000, expect.anything());
  });
});

describe('the time of a webhook', () => {
  test.each([
    [-301, 401],
    [-300, 200],
    [300, 200],
    [301, 401],
  ])('that is %i s from now is answered with %i', async (difference, status) => {
    expect((await receiver().handle(await signed(completed, seconds + difference))).status).toBe(status);
  });

  test('may differ by `toleranceSeconds`', async () => {
    const { handle } = receiver({ toleranceSeconds: 10 });
    const answers = [-11, -10, 10, 11].map(async (difference) =>
      handle(await signed(completed, seconds + difference)),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 200, 200, 401]);
  });
});

describe('a failure', () => {
  test.each([
    new StoreError('unavailable', 'The disk is full.'),
    new StoreError('conflict', 'odd'),
    new Error('odd'),
  ])('of the store is answered with 503, is reported, and is not in the answer: %s', async (error) => {
    const { reported, handle } = receiver({ runner: { wakeResponse: () => Promise.reject(error) } });
    const answer = await handle(await signed());
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(JSON.stringify(await answer.json())).not.toContain(error.message);
    expect(reported).toEqual([error]);
  });

  test('of `onError` does not fail the answer', async () => {
    const onError = (): never => {
      throw new Error('odd');
    };
    const { handle } = receiver({
      runner: { wakeResponse: () => Promise.reject(new Error('down')) },
      onError,
    });
    expect((await handle(await signed())).status).toBe(503);
  });

  test('to pass the raw body is reported with advice', async () => {
    const { reported, handle } = receiver();
    const request = await signed();
    await request.text();
    expect((await handle(request)).status).toBe(500);
    expect(String(reported[0])).toContain('pass the request before other code reads it');
  });
});
