import * as fc from 'fast-check';
import OpenAI from 'openai';
import { expect, test, vi } from 'vitest';
import {
  now,
  otherSecret,
  receiver,
  requestOf,
  seconds,
  secret,
} from '../../../test-support/webhook-requests.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
/** Characters that a header may contain. */
const headerText = fc.stringMatching(/^[!-~\u00a1-\u00ff]{1,20}$/);

test('a signature is accepted exactly if `unwrap` of the openai package accepts it', async () => {
  const client = new OpenAI({ apiKey: 'k' });
  const time = vi.spyOn(Date, 'now').mockReturnValue(now);
  const { handle } = receiver({ secret: [secret] });
  let accepted = 0;
  const noise = fc.oneof(
    fc.constantFrom('', 'v1,', 'v2,', 'v1', ',', 'v1,AAAA', 'v1a,AAAA', `v1,${btoa('y'.repeat(32))}`),
    fc.base64String({ minLength: 44, maxLength: 44 }).map((one) => `v1,${one}`),
    fc.base64String({ maxLength: 60 }),
  );
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          id: headerText,
          difference: fc.oneof(fc.integer({ min: -310, max: 310 }), fc.constantFrom(-300, -301, 300, 301)),
          timestamp: fc.oneof(
            { weight: 8, arbitrary: fc.constant(undefined) },
            fc.constantFrom('NaN', '', 'x', '-1', '1e9', '0x10'),
          ),
          suffix: fc.constantFrom('', '', '', '', '', '.5', 'abc', ' '),
          note: text,
          by: fc.constantFrom(secret, secret, secret, otherSecret),
          prefix: fc.constantFrom('', '', 'v1,'),
          before: fc.array(noise, { maxLength: 3 }),
          after: fc.array(noise, { maxLength: 40 }),
          tampered: fc.constantFrom('no', 'no', 'no', 'no', 'no', 'body', 'id', 'time'),
        }),
        async ({ id, difference, suffix, note, by, prefix, before, after, tampered, ...given }) => {
          const at = seconds + difference;
          const timestamp = given.timestamp ?? `${at}${suffix}`.trim();
          const body = JSON.stringify({ type: 'response.completed', data: { id: 'resp_1' }, note });
          const key = by === secret ? 'a secret of a webhook' : 'another secret of a webhook';
          const signature = await hmac(key, `${id}.${timestamp}.${body}`);
          const sent = {
            id: tampered === 'id' ? `${id}x` : id,
            timestamp: tampered === 'time' ? `${seconds}` : timestamp,
            body: tampered === 'body' ? `${body} ` : body,
            signature: [...before, `${prefix}${signature}`, ...after].join(' '),
          };
          const request = requestOf(sent);
          const { headers } = request;
          const isAccepted = await client.webhooks.unwrap(sent.body, headers, secret).then(
            () => true,
            () => false,
          );
          if (isAccepted) accepted += 1;
          expect((await handle(request)).status).toBe(isAccepted ? 200 : 401);
        },
      ),
      { numRuns: 400, seed: 20_261_201 },
    );
  } finally {
    time.mockRestore();
  }
  expect(accepted).toBeGreaterThan(80);
});

async function hmac(key: string, signedText: string): Promise<string> {
  const bytes = (of: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(of);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', bytes(key), algorithm, false, ['sign']);
  const result = await crypto.subtle.sign('HMAC', imported, bytes(signedText));
  return btoa(String.fromCharCode(...new Uint8Array(result)));
}
