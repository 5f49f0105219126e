import type { Clock } from '../src/clock/clock.ts';
import { createWebhookHandler } from '../src/server/webhooks/create-webhook-handler.ts';
import type { WebhookHandlerOptions } from '../src/server/webhooks/webhook-options.ts';
import { signWebhook } from '../src/testing/webhooks/sign-webhook.ts';

export const secret: string = `whsec_${btoa('a secret of a webhook')}`;
export const otherSecret: string = `whsec_${btoa('another secret of a webhook')}`;

export const now: number = 1_770_000_000_000;
export const seconds: number = now / 1_000;
const clock: Clock = { now: () => now, sleep: () => new Promise<void>(() => undefined) };

export function bodyOf(type: string, data: unknown = { id: 'resp_1' }): string {
  return JSON.stringify({ object: 'event', id: 'evt_1', type, created_at: seconds, data });
}

export const completed: string = bodyOf('response.completed');

export interface Delivery {
  readonly id?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly signature?: string | undefined;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function requestOf({
  id = 'wh_1',
  timestamp,
  signature,
  body,
  method = 'POST',
  headers,
}: Delivery): Request {
  const given = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
    ...headers,
  };
  const sent = new Headers({ 'content-type': 'application/json' });
  for (const [name, value] of Object.entries(given)) if (value !== undefined) sent.set(name, value);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request('https://site.test/webhooks', {
    method,
    headers: sent,
    ...(hasBody && { body: body ?? completed, duplex: 'half' }),
  });
}

/** A request as OpenAI sends it. */
export async function signed(
  body: string = completed,
  at: number = seconds,
  by: string = secret,
): Promise<Request> {
  return requestOf({ timestamp: String(at), signature: await signWebhook(by, 'wh_1', at, body), body });
}

/** A handler, with the ids that it wakes and the errors that it reports. */
export function receiver(options: Partial<WebhookHandlerOptions> = {}): {
  readonly woken: readonly string[];
  readonly reported: readonly unknown[];
  readonly handle: (request: Request) => Promise<Response>;
} {
  const woken: string[] = [];
  const reported: unknown[] = [];
  const handle = createWebhookHandler({
    secret,
    runner: {
      wakeResponse: async (id) => {
        woken.push(id);
        return true;
      },
    },
    clock,
    onError: (error) => reported.push(error),
    ...options,
  });
  return { woken, reported, handle };
}
