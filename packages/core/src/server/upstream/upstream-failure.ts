import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { responseHeaders } from '../answer/response-headers.ts';
import { cleanTexts, rewriteError } from '../answer/rewrite-error.ts';
import type { Rewriting } from '../answer/rewriting.ts';
import { NoAnswer } from '../no-answer.ts';
import { Refusal } from '../refusal.ts';
import type { ForeignAnswer } from './read-answer.ts';

function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function code(value: JsonValue | undefined): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** The API's error, reduced to the four fields of OpenAI's shape and cleaned. */
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

const keyRefused =
  'The server could not use the API: its own key was refused. Its operator has to look at it.';

/** The server's own credentials were refused: no business of the client's, who would think that theirs were. */
export function credentialsRefused(): NoAnswer {
  return new NoAnswer(502, 'upstream_credentials', keyRefused);
}

/** The same for a create. */
export function createWithoutCredentials(continues: boolean): NoAnswer | Refusal {
  return notSetUp('upstream_credentials', keyRefused, continues);
}

/** No answer of the API to a request that did nothing or may be repeated: a poll, a stream, a cancel. */
export function upstreamUnavailable(said?: string, headers?: Headers): NoAnswer {
  const message = said ?? 'The API could not be reached. Try again later.';
  return new NoAnswer(headers === undefined ? 502 : 429, 'upstream_unavailable', message, headers);
}

/** A create that surely did not reach the API: it may be sent again. */
export function notForwarded(said?: string): NoAnswer {
  const message = said ?? 'The API could not be reached; no response was created. Try again later.';
  return new NoAnswer(503, 'not_forwarded', message);
}

/**
 * A create that does not reach the API as the server is set up, whether the client waits or not. At the first create of
 * a run this is in OpenAI's shape, and final. One that continues a run is sent again until it passes; a client that has
 * nothing to lose by it, as it only continues another run, takes the status without envelope for final.
 */
function notSetUp(why: string, message: string, continues: boolean): NoAnswer | Refusal {
  return continues
    ? new NoAnswer(424, why, message)
    : new Refusal(424, why, message, { type: 'server_error' });
}

/** A create after which there may be a job: a second one may be a second job. */
export function unknownOutcome(): NoAnswer {
  const message = 'The connection to the API broke; whether a response was created is not known.';
  return new NoAnswer(502, 'unknown_outcome', message);
}

/** What a foreign answer to a create says of the create. */
type Foreign = 'limited' | 'final' | 'not forwarded' | 'unknown';

/** A server that answers so has read too much of the request already: the same one will not fit the next time. */
const finalStatuses: readonly number[] = [413, 414, 415, 431];

function judgeForeign({ status, isPage }: ForeignAnswer): Foreign {
  if (status === 429) return 'limited';
  if (finalStatuses.includes(status)) return 'final';
  if (status === 503 || (status === 200 && isPage)) return 'not forwarded';
  // 303 sends the client on to what came of the request; other redirects stand in front of the API.
  if (status >= 300 && status < 500) return status === 408 || status === 303 ? 'unknown' : 'not forwarded';
  return 'unknown';
}

/** Whether a foreign answer to a create leaves open that there is a job. */
export function leavesOpen(answer: ForeignAnswer): boolean {
  return judgeForeign(answer) === 'unknown';
}

/**
 * The answer to a create where something other than the API answered. It goes to the client as an error in OpenAI's
 * shape, which is final, only where nothing is lost by it: at the first create of a run, so that it explains a wrong
 * address. A create that continues a run is told that it was not forwarded, and is sent again.
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
      return refused(`The request does not fit the way to the API (${status}).`, {
        type: 'invalid_request_error',
      });
    case 'not forwarded': {
      if (status >= 300 && status < 400) {
        const message = `The address that the server has for the API redirects (HTTP ${status}), which is not followed. Its operator has to look at it.`;
        throw notSetUp('upstream_redirect', message, continues);
      }
      if (continues || status === 503) {
        const cleaned = await cleanTexts(said, rewriting);
        throw notForwarded(typeof cleaned === 'string' ? cleaned : undefined);
      }
      const words = `What is at the API's address did not pass the request on (HTTP ${status})`;
      const fallback = title === undefined ? `${words}.` : `${words}: ${title}`;
      // A page under 200 is most often what is at a wrong address.
      return refused(fallback, { type: 'invalid_request_error' }, status === 200 ? 404 : status);
    }
    case 'unknown':
      throw unknownOutcome();
  }
}

/** The answer to a poll, a stream or a cancel where something other than the API answered: the client asks again. */
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

/** What the operator is told of an error of the API's. */
export async function reportable(
  error: JsonObject | undefined,
  rewriting: Rewriting,
): Promise<JsonObject | undefined> {
  return isJsonObject(error) ? rewriteError(error, rewriting) : undefined;
}
