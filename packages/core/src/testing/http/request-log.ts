import type { JsonObject } from '../../wire/json.ts';

/** A request that reached the emulator. */
export interface LoggedRequest {
  readonly method: string;
  /** Path of the URL: `/v1/responses/resp_…/cancel`. */
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  /** The JSON body; undefined where there was none, or none that could be read. */
  readonly body: JsonObject | undefined;
  /** When it came, in milliseconds since the epoch. */
  readonly at: number;
  /** Headers that carry no secret: `authorization` and the like are never kept. */
  readonly headers: { readonly [name: string]: string };
}

/** By name rather than by guessing what is secret: a header that is not listed is not kept. */
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
