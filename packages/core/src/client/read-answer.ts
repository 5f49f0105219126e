import { apiFailure, type HttpFailure } from '../engine/policy/failure.ts';
import { boundedJson } from '../wire/parse-json.ts';
import { defined } from '../wire/defined.ts';
import { readEnvelope } from '../wire/error-object.ts';
import { foreignText, isPage } from '../wire/foreign-text.ts';
import { isJsonObject, textOf, type JsonValue } from '../wire/json.ts';
import { readResponse, type Response } from '../wire/response.ts';
import { retryAfterMs } from './retry-after.ts';

/** What an HTTP answer has: its body as text, or as JSON where a client has parsed it. */
export interface AnswerParts {
  readonly status: number;
  readonly headers: Headers | undefined;
  readonly text?: string;
  readonly json?: unknown;
}

export type ReadAnswer =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'failure'; readonly failure: HttpFailure };

function parsed(text: string): JsonValue | undefined {
  try {
    return boundedJson(text);
  } catch {
    return undefined;
  }
}

/** What an answer that is neither a Response object nor the API's error is told as. */
function foreignMessage(status: number, text: string): string {
  const what = foreignText(text);
  const how = status < 300 ? 'no Response object' : "not in the API's error format";
  return what === undefined ? `HTTP ${status}, ${how}` : `HTTP ${status}, ${how}: ${what}`;
}

/**
 * Decides whose answer it is, from status, headers and body: the one place that does. The API's own is a Response
 * object under a success status, or an error object `{ error: { … } }` under any. Everything else comes from something
 * between this process and the API, whatever its status: a gateway, a load balancer, a captive portal.
 */
export function readAnswer({ status, headers, text = '', json }: AnswerParts): ReadAnswer {
  const body = json ?? parsed(text);
  const isSuccess = status >= 200 && status < 300;
  const response = isSuccess ? readResponse(body) : undefined;
  if (response !== undefined) return { kind: 'response', response };
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
    message: foreignMessage(status, text === '' && json !== undefined ? JSON.stringify(json) : text),
    ...defined({
      retryAfterMs: asked,
      page: isPage(headers?.get('content-type'), text) || undefined,
    }),
  };
  return { kind: 'failure', failure };
}

/** What a client threw for an error status. */
export interface ThrownAnswer {
  readonly status: number;
  readonly headers: Headers | undefined;
  /** The error object, or the whole body where it has none (`openai` 7.59). */
  readonly error: unknown;
  readonly message: unknown;
}

/** The fields that the API's schema requires of an error object. */
const required: readonly string[] = ['message', 'type', 'param', 'code'];

/**
 * Whether a thrown `error` shows that it was an error object in an envelope. Gateways' bodies, which the package puts
 * into the same place, have messages and codes too; all four fields together only the API has.
 */
function isErrorObject(error: unknown): boolean {
  return isJsonObject(error) && required.every((name) => name in error);
}

/** The failure that a client threw for an error status, where the answer itself was not overheard. */
export function readThrownAnswer({ status, headers, error, message }: ThrownAnswer): HttpFailure {
  const told = (textOf(message) ?? '').replace(/^\d{3} /, '').replace(/^status code \(no body\)$/, '');
  const parts =
    error === undefined
      ? { text: told }
      : { json: isErrorObject(error) || typeof error === 'string' ? { error } : error };
  const answer = readAnswer({ status, headers, ...parts });
  // A status that is thrown is no success, whatever its body.
  if (answer.kind === 'failure') return answer.failure;
  return apiFailure(status, { code: null, type: null, param: null, message: told, status: undefined });
}
