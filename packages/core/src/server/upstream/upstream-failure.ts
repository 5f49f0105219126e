import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { responseHeaders } from '../answer/response-headers.ts';
import { cleanTexts, rewriteError } from '../answer/rewrite-error.ts';
import type { Rewriting } from '../answer/rewriting.ts';
import { NoAnswer } from '../no-answer.ts';
import { Refusal } from '../refusal.ts';
import type { ForeignAnswer } from './read-upstream-answer.ts';

function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function code(value: JsonValue | undefined): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** Returns the API's error, reduced to the four fields of OpenAI's shape, with ids and secrets replaced. */
export async function errorResponse(
  status: number,
  upstream: Headers,
  error: JsonObject,
  rewriting: Rewriting,
): Promise<Response> {
  const cleaned = await rewriteError(error, rewriting);
  const shown = {
    message: text(cleaned['message']) ?? 'The API refused the request.',
    type: text(cleaned['type']),
    param: text(cleaned['param']),
    code: code(cleaned['code']),
  };
  return new Response(JSON.stringify({ error: shown }), {
    status,
    headers: responseHeaders(upstream, 'application/json'),
  });
}

const keyRefused = 'The API refused the key of the server. The operator of the server has to check it.';

/**
 * The error for a poll, a stream or a cancel if the API refused the server's own credentials. Its status is not 401,
 * because the client would suspect its own credentials.
 */
export function credentialsRefused(): NoAnswer {
  return new NoAnswer(502, 'upstream_credentials', keyRefused);
}

/** The error for a create if the API refused the server's own credentials. */
export function createWithoutCredentials(continues: boolean): NoAnswer | Refusal {
  return notSetUp('upstream_credentials', keyRefused, continues);
}

/** The error for a poll, a stream or a cancel that the API did not answer. The client may repeat the request. */
export function upstreamUnavailable(said?: string, headers?: Headers): NoAnswer {
  const message = said ?? 'The API could not be reached. Try again later.';
  return new NoAnswer(headers === undefined ? 502 : 429, 'upstream_unavailable', message, headers);
}

/** The error for a create that certainly did not reach the API. The create may be sent again. */
export function notForwarded(said?: string): NoAnswer {
  const message = said ?? 'The API could not be reached; no response was created. Try again later.';
  return new NoAnswer(503, 'not_forwarded', message);
}

/**
 * The error for a create that fails because of the server's configuration, so waiting does not help. For the first
 * create of a run, the error is in OpenAI's shape and final. A create that continues a run is sent again until it
 * succeeds, or until a limit ends the run. The first create of a run that continues another run also counts as
 * continuing here, but the client treats this status as final for it, because no progress is lost.
 */
function notSetUp(why: string, message: string, continues: boolean): NoAnswer | Refusal {
  return continues
    ? new NoAnswer(424, why, message)
    : new Refusal(424, why, message, { type: 'server_error' });
}

/** The error for a create that may have started a job. Sending the create again may start a second job. */
export function unknownOutcome(): NoAnswer {
  const message = 'The connection to the API broke. Whether a response was created is unknown.';
  return new NoAnswer(502, 'unknown_outcome', message);
}

/** The outcome of a create, by a foreign answer to it. */
type Foreign = 'limited' | 'final' | 'not forwarded' | 'unknown';

/**
 * Statuses that reject the size or the media type of a request. A server would reject the same request again.
 */
const finalStatuses: readonly number[] = [413, 414, 415, 431];

function judgeForeign({ status, isPage }: ForeignAnswer): Foreign {
  if (status === 429) return 'limited';
  if (finalStatuses.includes(status)) return 'final';
  if (status === 503 || (status === 200 && isPage)) return 'not forwarded';
  // 303 redirects to the result of the request. Other redirects are from a server that did not process it.
  if (status >= 300 && status < 500) return status === 408 || status === 303 ? 'unknown' : 'not forwarded';
  return 'unknown';
}

/** Whether a job may exist after a foreign answer to a create. */
export function leavesOpen(answer: ForeignAnswer): boolean {
  return judgeForeign(answer) === 'unknown';
}

/**
 * Returns the answer to a create that something other than the API answered. For a rate limit and for `finalStatuses`,
 * it is an error in OpenAI's shape. If a create was not forwarded, only the first create of a run gets such an error,
 * and only without status 503. It is final, because no progress is lost and the error explains a wrong address.
 *
 * @throws NoAnswer if the client should send the create again, or if its outcome is unknown; Refusal if the API's
 * address redirects the first create of a run
 */
export async function foreignToCreate(
  answer: ForeignAnswer,
  upstream: Headers,
  continues: boolean,
  rewriting: Rewriting,
): Promise<Response> {
  const { status, text: said, title } = answer;
  const refused = (fallback: string, rest: JsonObject, shown = status): Promise<Response> =>
    errorResponse(shown, upstream, { message: said ?? fallback, ...rest }, rewriting);
  switch (judgeForeign(answer)) {
    case 'limited':
      return refused('Too many requests to the API.', { type: 'requests', code: 'rate_limit_exceeded' });
    case 'final':
      return refused(`A server in front of the API refused the request (HTTP ${status}).`, {
        type: 'invalid_request_error',
      });
    case 'not forwarded': {
      if (status >= 300 && status < 400) {
        const message = `The address that the server has for the API redirects (HTTP ${status}), and redirects are not followed. The operator of the server has to check it.`;
        throw notSetUp('upstream_redirect', message, continues);
      }
      if (continues || status === 503) {
        const cleaned = await cleanTexts(said, rewriting);
        throw notForwarded(typeof cleaned === 'string' ? cleaned : undefined);
      }
      const words = `The server at the API's address did not forward the request (HTTP ${status})`;
      const fallback = title === undefined ? `${words}.` : `${words}: ${title}`;
      // A page with status 200 usually means a wrong address.
      return refused(fallback, { type: 'invalid_request_error' }, status === 200 ? 404 : status);
    }
    case 'unknown':
      throw unknownOutcome();
  }
}

/**
 * Returns the answer to a poll, a stream or a cancel that something other than the API answered. The client sends the
 * request again.
 */
export async function foreignToAsk(
  { status, text: said }: ForeignAnswer,
  upstream: Headers,
  rewriting: Rewriting,
): Promise<NoAnswer> {
  const cleaned = await cleanTexts(said, rewriting);
  const message = typeof cleaned === 'string' ? cleaned : undefined;
  const headers = status === 429 ? responseHeaders(upstream, 'application/json') : undefined;
  return upstreamUnavailable(message, headers);
}

/** The API's error, as it is reported to the operator. */
export async function reportable(
  error: JsonObject | undefined,
  rewriting: Rewriting,
): Promise<JsonObject | undefined> {
  return isJsonObject(error) ? rewriteError(error, rewriting) : undefined;
}
