import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookOptions } from '@longhaul/core/testing';
import type { MachineHost } from './machine-host.ts';
import type { PlannedWebhooks } from './plan.ts';

/** How often the API sends a webhook that was not answered with 200, and the delay between the attempts. */
const attempts = 5;
const retryAfterMs = 1_000;
const answerWithinMs = 5_000;

export const webhookSecret = 'whsec_bG9uZ2hhdWwgbWFjaGluZXM=';

/**
 * Brings the webhooks of the API to the fronts: to any of them, as a load balancer does. Some are lost, some come twice,
 * and some come late. The others may come before the worker has saved the id of the response.
 */
export function webhookPost(
  { lost, twice, lateMs }: PlannedWebhooks,
  hosts: readonly MachineHost[],
  random: () => number,
): WebhookOptions {
  async function bring(init: RequestInit): Promise<void> {
    await sleep(random() * lateMs);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const ports = hosts.flatMap(({ isFront, process }) => (isFront ? (process.webhookPort ?? []) : []));
      const port = ports[Math.floor(random() * ports.length)];
      const signal = AbortSignal.timeout(answerWithinMs);
      const answer =
        port === undefined
          ? undefined
          : await fetch(`http://127.0.0.1:${port}/`, { ...init, signal }).catch(() => undefined);
      if (answer?.ok === true) return;
      await sleep(retryAfterMs);
    }
  }

  return {
    url: 'http://fronts.test/',
    secret: webhookSecret,
    fetch: async (_url, init) => {
      const times = random() < lost ? 0 : random() < twice ? 2 : 1;
      await Promise.all(Array.from({ length: times }, () => bring(init)));
      return new Response(null);
    },
  };
}
