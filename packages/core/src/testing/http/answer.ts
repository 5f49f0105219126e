import type { JsonObject } from '../../wire/json.ts';
import { errorBody, type ApiError } from './api-error.ts';

/** The answer of a route, before headers are added. */
export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly body: JsonObject; readonly headers: Headers }
  | {
      readonly kind: 'stream';
      readonly status: number;
      readonly body: ReadableStream<Uint8Array>;
      readonly headers: Headers;
      /** Whether the answer has no content type. */
      readonly untyped: boolean;
    }
  | {
      readonly kind: 'text';
      /** Whether a gateway or proxy answers, without the API's headers. */
      readonly foreign: boolean;
      readonly status: number;
      readonly body: string;
      readonly headers: Headers;
    }
  /** The connection breaks after this text. */
  | { readonly kind: 'cut'; readonly status: number; readonly body: string; readonly headers: Headers };

export function json(body: JsonObject, status = 200): Answer {
  return { kind: 'json', status, body, headers: new Headers() };
}

export function failure(error: ApiError): Answer {
  return json(errorBody(error), error.status);
}
