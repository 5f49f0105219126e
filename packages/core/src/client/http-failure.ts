import type { Failure } from '../engine/policy/failure.ts';
import { defined } from '../wire/defined.ts';
import { fieldsOf } from '../wire/json.ts';
import { parseJson } from '../wire/parse-json.ts';
import { textOf } from '../wire/text-of.ts';
import { retryAfterMs } from './retry-after.ts';

type HttpFailure = Extract<Failure, { kind: 'http' }>;

/** Reads the API's error object: the inner one, as the wire has it within `{ error }`. */
export function errorFailure(status: number, headers: Headers | undefined, error: unknown): HttpFailure {
  const { code, type, param, message } = fieldsOf(error);
  const said = textOf(message) ?? textOf(code) ?? textOf(type);
  return {
    kind: 'http',
    status,
    // Some servers say of a quota that is used up by the type alone.
    code: textOf(code) ?? (type === 'insufficient_quota' ? type : null),
    type: textOf(type) ?? null,
    param: textOf(param) ?? null,
    // Some gateways send errors without a message: the code or the status is all there is to show then.
    message: said ?? `HTTP ${status}`,
    ...defined({ retryAfterMs: headers && retryAfterMs(headers) }),
    envelope: said !== undefined,
  };
}

/** Reads an answer with an error status. A body that is not the API's own is not shown: it may be a proxy's page. */
export function httpFailure(status: number, headers: Headers, body: string): HttpFailure {
  return errorFailure(status, headers, fieldsOf(parseJson(body))['error']);
}
