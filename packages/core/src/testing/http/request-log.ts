import type { JsonObject } from '../../wire/json.ts';

/** A request that reached the emulator. */
export interface LoggedRequest {
  readonly method: string;
  /** The path of the URL: `/v1/responses/resp_…/cancel`. */
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  /** The body; undefined if it is not a JSON object. */
  readonly body: JsonObject | undefined;
  /** When the request arrived, in milliseconds since the epoch. */
  readonly at: number;
  /** The headers on an allow list. `authorization` and similar headers are not on it. */
  readonly headers: { readonly [name: string]: string };
}

/** An allow list, so that an unknown header with a secret is not kept. */
const kept: readonly string[] = [
  'accept',
  'content-type',
  'idempotency-key',
  'last-event-id',
  'openai-beta',
  'user-agent',
  'x-client-request-id',
  'x-stainless-retry-count',
];

export function loggedHeaders(headers: Headers): { readonly [name: string]: string } {
  const found: { [name: string]: string } = {};
  for (const name of kept) {
    const value = headers.get(name);
    if (value !== null) found[name] = value;
  }
  return found;
}
