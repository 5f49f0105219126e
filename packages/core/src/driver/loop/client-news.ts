import type { EngineEventBody } from '../../engine/engine-event.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { bufferingMs } from './buffering-proxies.ts';
import { expectedWebhooksMs } from './known-webhooks.ts';

/**
 * An event that reports to a run what other runs of its client have learned; undefined if the run knows it. `now`:
 * milliseconds on the run's monotonic clock.
 */
export function clientNews(
  { client, clock }: LoopPorts,
  { phase, bufferedUntil, webhooksUntil = 0 }: RunState,
  now: number,
): EngineEventBody | undefined {
  if (phase.type === 'done') return undefined;
  const bufferedMs = bufferingMs(client, clock);
  if (bufferedMs > 0 && (bufferedUntil ?? 0) <= now) return { type: 'streams_buffered', forMs: bufferedMs };
  const forMs = expectedWebhooksMs(client, clock);
  const isNews = forMs !== undefined && forMs > 0 !== webhooksUntil > now;
  return isNews ? { type: 'webhooks_known', forMs } : undefined;
}
