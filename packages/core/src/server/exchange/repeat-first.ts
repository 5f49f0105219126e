import { askForResponse } from './ask-for-response.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import type { FirstOutcome } from '../limits/idempotency.ts';
import type { Principal } from '../principal.ts';
import { Refusal } from '../refusal.ts';
import { relay } from '../answer/relay.ts';

type Streaming = Extract<FirstOutcome, { state: 'streaming' }>;

const emptyStream = (): ReadableStream<Uint8Array> =>
  new ReadableStream({ start: (controller) => controller.close() });

/**
 * The rest of a background stream, from the API itself. Where it no longer streams (after five minutes) the repeat is
 * a stream that breaks off after its first events: whoever reads streams has to go on from there by the id.
 */
async function restOf<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  { responseId, name, after }: Streaming,
): Promise<ReadableStream<Uint8Array>> {
  const query = new URLSearchParams({ stream: 'true' });
  if (after !== undefined) query.set('starting_after', String(after));
  const ask = {
    method: 'GET',
    path: ['responses', responseId],
    query,
    timeoutMs: parts.config.limits.upstreamTimeoutMs,
    signal: exchange.request.signal,
  } as const;
  try {
    const issuedAt = parts.config.clock.now();
    const rest = await askForResponse(parts, exchange, { responseId, name, issuedAt }, ask);
    if (rest.body !== null && rest.headers.get('content-type')?.startsWith('text/event-stream') === true)
      return rest.body;
    await rest.body?.cancel();
  } catch (error) {
    exchange.report(error);
  }
  return emptyStream();
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
        headers: { 'content-type': outcome.contentType, 'idempotent-replayed': 'true' },
      });
    case 'streaming': {
      const rest = await restOf(parts, exchange, outcome);
      return new Response(relay([new TextEncoder().encode(outcome.head)], rest.getReader()), {
        headers: { 'content-type': 'text/event-stream; charset=utf-8', 'idempotent-replayed': 'true' },
      });
    }
    case 'gone':
      throw new Refusal(
        409,
        'idempotency_not_repeatable',
        'This Idempotency-Key was used; its answer was too large to keep.',
      );
  }
}
