import type { JsonObject } from '../../wire/json.ts';
import { errorBody, type ApiError } from './api-error.ts';

/** What a route answers, before headers and faults are put to it. */
export type Answer =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: JsonObject;
      readonly rateLimited?: boolean;
    }
  | { readonly kind: 'stream'; readonly body: ReadableStream<Uint8Array> };

export function json(body: JsonObject, rateLimited = false): Answer {
  return { kind: 'json', status: 200, body, rateLimited };
}

export function failure(error: ApiError): Answer {
  return { kind: 'json', status: error.status, body: errorBody(error) };
}
