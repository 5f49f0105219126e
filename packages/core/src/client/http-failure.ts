import type { Failure } from '../engine/policy/failure.ts';
import { isJsonObject } from '../wire/json.ts';
import { parseJson } from '../wire/parse-json.ts';
import { retryAfterMs } from './retry-after.ts';

type HttpFailure = Extract<Failure, { kind: 'http' }>;

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Reads the API's error object: the inner one, as the wire has it within `{ error }`. */
export function errorFailure(status: number, headers: Headers | undefined, error: unknown): HttpFailure {
  const envelope =
    isJsonObject(error) &&
    (text(error['message']) !== null || text(error['code']) !== null || text(error['type']) !== null);
  const fields = isJsonObject(error) ? error : {};
  const code = text(fields['code']);
  const type = text(fields['type']);
  const wait = headers === undefined ? undefined : retryAfterMs(headers);
  return {
    kind: 'http',
    status,
    code,
    type,
    param: text(fields['param']),
    // Some gateways send errors without a message: the code or the status is all there is to show then.
    message: text(fields['message']) ?? code ?? type ?? `HTTP ${status}`,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    envelope,
  };
}

/** Reads an answer with an error status. A body that is not the API's own is not shown: it may be a proxy's page. */
export function httpFailure(status: number, headers: Headers, body: string): HttpFailure {
  const parsed = parseJson(body);
  return errorFailure(status, headers, isJsonObject(parsed) ? parsed['error'] : undefined);
}
