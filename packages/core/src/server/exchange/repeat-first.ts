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

/** The response from the API itself; undefined where the API does not give it in this form, or cannot be reached. */
async function fromApi<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  { responseId, name }: FirstOutcome,
  streams: boolean,
): Promise<Response | undefined> {
  const { config, signer } = parts;
  try {
    // Dated as its name is, so that its items are called as they were at first.
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

/** The response as it was first answered, as the API has it now, or else by its id alone. */
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
  // The id is all that a client needs to poll. Anything else would make it start a second job.
  if (background) return { id: name, object: 'response', status: 'queued', background: true, output: [] };
  const message =
    'This Idempotency-Key was used, and its answer is not kept: it was too large, or is too long ago.';
  throw new Refusal(409, 'idempotency_not_repeatable', message);
}

/**
 * Answers a create whose key was seen before, without starting a second job, in the form that is asked for now: a client
 * that lost a stream may ask for the same job without `stream`.
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
