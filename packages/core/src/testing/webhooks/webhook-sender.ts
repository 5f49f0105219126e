import type { Emulation } from '../emulation.ts';
import { chainPrefix } from '../world/ids.ts';
import { endedAt, statusOf } from '../world/status-of.ts';
import type { StoredResponse } from '../world/stored-response.ts';
import { waitForChange } from '../world/wait-for-change.ts';
import { signWebhook } from './sign-webhook.ts';
import type { WebhookOptions } from './webhook-options.ts';

const firstRetryMs = 5000;
/** A delivery is retried for 72 hours. */
const retryForMs = 72 * 3_600_000;

/** A webhook. Its body has the event type and the response id; the receiver retrieves the response. */
interface Delivery {
  readonly id: string;
  readonly body: string;
}

async function attempt(emulation: Emulation, to: WebhookOptions, { id, body }: Delivery): Promise<boolean> {
  const timestamp = Math.floor(emulation.clock.now() / 1000);
  const send = to.fetch ?? fetch;
  try {
    const answer = await send(to.url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': await signWebhook(to.secret, id, timestamp, body),
      },
      body,
    });
    return answer.ok;
  } catch {
    // An unreachable receiver is retried like one that answers with an error.
    return false;
  }
}

async function deliver(
  emulation: Emulation,
  to: WebhookOptions,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = emulation;
  const giveUpAt = clock.now() + retryForMs;
  for (let wait = firstRetryMs; !signal.aborted; wait *= 2) {
    if (await attempt(emulation, to, delivery)) return;
    if (clock.now() + wait > giveUpAt) return;
    await clock.sleep(wait, signal);
  }
}

function deliveryOf({ clock, noise }: Emulation, response: StoredResponse): Delivery {
  const now = clock.now();
  const body = {
    object: 'event',
    id: `evt_${chainPrefix(noise)}${chainPrefix(noise)}`,
    type: `response.${statusOf(response, now)}`,
    created_at: Math.floor(now / 1000),
    data: { id: response.id },
  };
  return { id: `wh_${chainPrefix(noise)}${chainPrefix(noise)}`, body: JSON.stringify(body) };
}

/** Sends a signed webhook when a background response becomes terminal, and retries failed deliveries. Never rejects. */
export async function sendWhenDone(
  emulation: Emulation,
  response: StoredResponse,
  signal: AbortSignal,
): Promise<void> {
  const { world, clock, faults, options } = emulation;
  const to = options.webhooks;
  if (to === undefined || !response.background) return;
  while (endedAt(response, clock.now()) === undefined) {
    if (signal.aborted) return;
    await waitForChange(world, clock, response.id, response.endsAt ?? undefined, signal);
  }
  const delivery = deliveryOf(emulation, response);
  if (faults.take('lost-webhook', response.iterationIndex) !== undefined) return;
  await deliver(emulation, to, delivery, signal);
  if (faults.take('duplicate-webhook', response.iterationIndex) !== undefined)
    await deliver(emulation, to, delivery, signal);
}
