import { apiFailure, type HttpFailure } from '../engine/policy/failure.ts';
import { boundedJson } from '../wire/parse-json.ts';
import { defined } from '../wire/defined.ts';
import { readEnvelope } from '../wire/error-object.ts';
import { foreignText, isPage } from '../wire/foreign-text.ts';
import { fieldsOf, isJsonObject, textOf, type JsonValue } from '../wire/json.ts';
import { readResponse, type Response } from '../wire/response.ts';
import { retryAfterMs } from './retry-after.ts';

/** The parts of an HTTP answer. The body is text, or JSON if the client has parsed it. */
export interface AnswerParts {
  readonly status: number;
  readonly headers: Headers | undefined;
  readonly text?: string;
  readonly json?: unknown;
}

export type ReadAnswer =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'failure'; readonly failure: HttpFailure };

export type ReadDelete = { readonly kind: 'deleted' } | Extract<ReadAnswer, { readonly kind: 'failure' }>;

function parsed(text: string): JsonValue | undefined {
  try {
    return boundedJson(text);
  } catch {
    return undefined;
  }
}

/** The error message for an answer that is neither the wanted object nor an error of the API. */
function foreignMessage(status: number, text: string, wanted: string): string {
  const quoted = foreignText(text);
  const reason = status < 300 ? `not ${wanted}` : "not in the API's error format";
  return quoted === undefined ? `HTTP ${status}, ${reason}` : `HTTP ${status}, ${reason}: ${quoted}`;
}

/**
 * Decides from status, headers and body whether the API sent an answer. Every answer to a request is read here. The API
 * sends a Response object with a success status, or an error object `{ error: { … } }` with any status. All other
 * answers are from software between this process and the API: a gateway, a load balancer, a captive portal.
 */
export function readAnswer(parts: AnswerParts): ReadAnswer {
  const body = bodyOf(parts);
  const response = isSuccess(parts) ? readResponse(body) : undefined;
  return response === undefined
    ? failureOf(parts, body, 'a Response object')
    : { kind: 'response', response };
}

/** Decides from the answer to a DELETE whether the API has deleted the response. A 204 has no body. */
export function readDelete(parts: AnswerParts): ReadDelete {
  const body = bodyOf(parts);
  const isDeleted = parts.status === 204 || fieldsOf(body)['deleted'] === true;
  if (isSuccess(parts) && isDeleted) return { kind: 'deleted' };
  return failureOf(parts, body, 'the answer to a DELETE');
}

function bodyOf({ text = '', json }: AnswerParts): unknown {
  return json ?? parsed(text);
}

function isSuccess({ status }: AnswerParts): boolean {
  return status >= 200 && status < 300;
}

function failureOf(
  { status, headers, text = '', json }: AnswerParts,
  body: unknown,
  wanted: string,
): Extract<ReadAnswer, { readonly kind: 'failure' }> {
  const asked = headers && retryAfterMs(headers);
  const error = readEnvelope(status, body);
  if (error !== undefined) return { kind: 'failure', failure: apiFailure(status, error, asked) };
  const failure: HttpFailure = {
    kind: 'http',
    sender: 'other',
    status,
    code: null,
    type: null,
    param: null,
    message: foreignMessage(status, text === '' && json !== undefined ? JSON.stringify(json) : text, wanted),
    ...defined({
      retryAfterMs: asked,
      page: isPage(headers?.get('content-type'), text) || undefined,
    }),
  };
  return { kind: 'failure', failure };
}

/** The data of an error that a client threw for an error status. */
export interface ThrownAnswer {
  readonly status: number;
  readonly headers: Headers | undefined;
  /** The error object, or the whole body if it has none (`openai` 7.59). */
  readonly error: unknown;
  readonly message: unknown;
}

/** The fields that the API's schema requires of an error object. */
const required: readonly string[] = ['message', 'type', 'param', 'code'];

/**
 * Whether a thrown `error` is an error object of the API. The package puts the bodies of gateways into the same field,
 * and they have messages and codes too. Only the API's error objects have all four fields.
 */
function isErrorObject(error: unknown): boolean {
  return isJsonObject(error) && required.every((name) => name in error);
}

/** The failure that a client threw for an error status, if the answer itself was not intercepted. */
export function readThrownAnswer({ status, headers, error, message }: ThrownAnswer): HttpFailure {
  const text = (textOf(message) ?? '').replace(/^\d{3} /, '').replace(/^status code \(no body\)$/, '');
  const parts =
    error === undefined
      ? { text }
      : { json: isErrorObject(error) || typeof error === 'string' ? { error } : error };
  const answer = readAnswer({ status, headers, ...parts });
  // A client throws only for error statuses, so even a Response object is not a success here.
  if (answer.kind === 'failure') return answer.failure;
  return apiFailure(status, { code: null, type: null, param: null, message: text, status: undefined });
}
