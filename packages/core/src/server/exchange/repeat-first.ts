import { type ChunkSource, relay } from '../answer/relay.ts';
import type { FirstOutcome } from '../limits/idempotency.ts';
import type { Principal } from '../principal.ts';
import { Refusal } from '../refusal.ts';
import { askForResponse } from './ask-for-response.ts';
import type { Exchange, ProxyParts } from './exchange.ts';

type Streaming = Extract<FirstOutcome, { state: 'streaming' }>;

const replayed = { 'idempotent-replayed': 'true' };

/**
 * The rest of a background stream, from the API itself. Where it no longer streams (after five minutes) there is none:
 * the repeat then ends after its first events, and whoever reads streams goes on from there by the id.
 */
async function restOf<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  { responseId, name, after }: Streaming,
): Promise<ChunkSource> {
  const query = new URLSearchParams({ stream: 'true' });
  if (after !== undefined) query.set('starting_after', String(after));
  const { signal } = exchange.request;
  const { upstreamTimeoutMs: timeoutMs } = parts.config.limits;
  const path = ['responses', responseId];
  try {
    const owned = { responseId, name, issuedAt: parts.config.clock.now() };
    const rest = await askForResponse(parts, exchange, owned, {
      method: 'GET',
      path,
      query,
      timeoutMs,
      signal,
    });
    if (rest.body !== null && rest.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      const reader = rest.body.getReader();
      return { next: async () => (await reader.read()).value, cancel: (reason) => reader.cancel(reason) };
    }
  } catch (error) {
    exchange.report(error);
  }
  return { next: async () => undefined, cancel: async () => undefined };
}

/** Answers a create whose key was seen before, without starting a second job. */
export async function repeatFirst<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  outcome: FirstOutcome,
): Promise<Response> {
  switch (outcome.state) {
    case 'answered':
      return new Response(outcome.body, {
        status: outcome.status,
        headers: { 'content-type': outcome.contentType, ...replayed },
      });
    case 'streaming': {
      const head = new TextEncoder().encode(outcome.head);
      return new Response(
        relay([head], await restOf(parts, exchange, outcome), { onBreak: exchange.report }),
        {
          headers: { 'content-type': 'text/event-stream; charset=utf-8', ...replayed },
        },
      );
    }
    case 'gone': {
      const message = 'This Idempotency-Key was used, and its answer was too large to keep.';
      throw new Refusal(409, 'idempotency_not_repeatable', message);
    }
  }
}
