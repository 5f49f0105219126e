import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { asEvents, lastSnapshot } from '../answer/other-form.ts';
import { eventStream } from '../answer/response-headers.ts';
import type { FirstOutcome } from '../limits/idempotency.ts';
import type { Principal } from '../principal.ts';
import { Refusal } from '../refusal.ts';
import { askForResponse } from './ask-for-response.ts';
import type { Exchange, ProxyParts } from './exchange.ts';

function replayed(body: BodyInit | null, contentType: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': contentType, 'idempotent-replayed': 'true' },
  });
}

/** Retrieves the response from the API; undefined if the API does not send it in this form or cannot be reached. */
async function fromApi<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  { responseId, name }: FirstOutcome,
  streams: boolean,
): Promise<Response | undefined> {
  const { config, signer } = parts;
  try {
    // The signed id contains its issue time. With that time, the items get the same signed ids as the first time.
    const owned = await signer.verify(name, exchange.owner, config.clock.now());
    if (owned === undefined) return undefined;
    const answer = await askForResponse(
      parts,
      exchange,
      { ...owned, name },
      {
        method: 'GET',
        path: ['responses', responseId],
        ...(streams ? { query: new URLSearchParams({ stream: 'true' }) } : {}),
        timeoutMs: config.limits.upstreamTimeoutMs,
        signal: exchange.request.signal,
      },
    );
    const isStream = answer.headers.get('content-type') === eventStream;
    if (answer.ok && isStream === streams) return answer;
    await answer.body?.cancel();
  } catch (error) {
    if (!(error instanceof Refusal)) exchange.report(error);
  }
  return undefined;
}

function parseObject(text: string): JsonObject | undefined {
  const value: JsonValue = JSON.parse(text);
  return isJsonObject(value) ? value : undefined;
}

/**
 * Returns the stored answer, otherwise the current response of the API, otherwise a response with only the id.
 *
 * @throws Refusal instead of a response with only the id, if the response is not a background response
 */
async function snapshotOf<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  outcome: FirstOutcome,
): Promise<JsonObject> {
  const { answer, background, name } = outcome;
  if (answer !== undefined) {
    const kept = answer.contentType === eventStream ? lastSnapshot(answer.body) : parseObject(answer.body);
    if (kept !== undefined) return kept;
  }
  const now = await fromApi(parts, exchange, outcome, false);
  const body = now === undefined ? undefined : parseObject(await now.text());
  if (body !== undefined) return body;
  // A client needs only the id to poll. An error would make it start a second job.
  if (background) return { id: name, object: 'response', status: 'queued', background: true, output: [] };
  const message =
    'This Idempotency-Key was used, but its answer is not stored, because it is too large or too old.';
  throw new Refusal(409, 'idempotency_not_repeatable', message);
}

/**
 * Answers a create with a key that was used before, without starting a second job. The answer has the form that this
 * request asks for: a client that lost a stream may repeat the create without `stream`.
 */
export async function repeatFirst<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  outcome: FirstOutcome,
  streams: boolean,
): Promise<Response> {
  const { answer, background } = outcome;
  const wasStream = answer?.contentType === eventStream;
  if (answer !== undefined && wasStream === streams)
    return replayed(answer.body, answer.contentType, answer.status);
  if (streams && background && answer === undefined) {
    const stream = await fromApi(parts, exchange, outcome, true);
    if (stream !== undefined) return replayed(stream.body, eventStream);
  }
  const snapshot = await snapshotOf(parts, exchange, outcome);
  return streams
    ? replayed(asEvents(snapshot), eventStream)
    : replayed(JSON.stringify(snapshot), 'application/json');
}
