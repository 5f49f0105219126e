import type { JsonObject, JsonValue } from '../../wire/json.ts';
import { Refusal } from '../refusal.ts';
import { responseHeaders } from '../answer/response-headers.ts';
import { rewriteError, type Rewriting } from '../answer/rewrite-response.ts';

function text(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function code(value: JsonValue | undefined): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** The API's error, reduced to the four fields of OpenAI's shape and cleaned. */
export function errorResponse(
  status: number,
  upstream: Headers,
  error: JsonObject,
  rewriting: Rewriting,
): Response {
  const { message, type, param } = rewriteError(error, rewriting);
  const shown = {
    message: text(message) ?? 'The API refused the request.',
    type: text(type),
    param: text(param),
    code: code(error['code']),
  };
  return new Response(JSON.stringify({ error: shown }), {
    status,
    headers: responseHeaders(upstream, 'application/json'),
  });
}

/** The server's own credentials were refused: no business of the client's, who would think that theirs were. */
export function credentialsRefused(): Refusal {
  return new Refusal(
    502,
    'upstream_credentials',
    'The server could not use the API. Its operator has to look at it.',
    {
      type: 'server_error',
    },
  );
}

/** No answer that could be read, to a request that did nothing or may be repeated. */
export function upstreamUnavailable(): Refusal {
  return new Refusal(502, 'upstream_unavailable', 'The API could not be reached. Try again later.', {
    type: 'server_error',
  });
}

/**
 * The answer to a create whose outcome nobody knows: a job may have been started. It is not in OpenAI's shape, on
 * purpose: clients take an error in that shape for the API's word that there is no job, and would start a second one.
 */
export function unknownOutcome(): Response {
  return new Response('The connection to the API broke; whether a response was created is not known.\n', {
    status: 502,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
}
