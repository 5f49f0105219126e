import { fieldsOf, isJsonObject, textOf, wordOf, type JsonObject } from './json.ts';

/** The API's error object, in its envelope `{ error: { … } }` and in its `error` events. */
export interface ErrorObject {
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  readonly message: string;
  /** A code that is an HTTP status, as gateways send it (OpenRouter). */
  readonly status: number | undefined;
}

function httpStatus(code: unknown): number | undefined {
  const status = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : undefined;
}

/**
 * Reads an error object. Undefined for a value without a message, a code or a type, which is not an error of the API.
 */
export function readErrorObject(value: unknown): ErrorObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const { code, type, param, message } = value;
  const status = httpStatus(code);
  // Some gateways send errors without a message, so only the code can be shown (bifrost 4413).
  const said =
    textOf(message) ?? textOf(code) ?? textOf(type) ?? (status === undefined ? status : `HTTP ${status}`);
  if (said === undefined) return undefined;
  return {
    code: textOf(code) ?? null,
    type: textOf(type) ?? null,
    param: textOf(param) ?? null,
    message: said,
    status,
  };
}

/**
 * Returns the error object of the API's envelope, `{ error: { … } }`. With an error status, an object that repeats the
 * status and has neither type nor param is not the API's. Google's front ends and web frameworks (Strapi, LoopBack,
 * http-errors) write such objects. Azure repeats the status too, and has both fields.
 */
export function readEnvelope(status: number, body: unknown): ErrorObject | undefined {
  const { error } = fieldsOf(body);
  const own = fieldsOf(error);
  const repeats = status >= 300 && ('status' in own || 'statusCode' in own);
  return repeats && !('type' in own) && !('param' in own) ? undefined : readErrorObject(error);
}

/**
 * Whether an event with a type is an error: by its type `error` or `response.error`, by `object: 'error'`, or by the
 * name of its frame. Some servers write the type of the error as the type of the event (vLLM and SGLang:
 * `InternalServerError`).
 */
export function isErrorEvent({ type, object }: JsonObject, name?: string): boolean {
  const isNamed = name === 'error' && !wordOf(type).startsWith('response.');
  return type === 'error' || type === 'response.error' || object === 'error' || isNamed;
}

/** Returns the error object of an error event: the nested object, or the event itself. */
export function errorOfEvent(event: JsonObject): JsonObject {
  const { error } = event;
  return isJsonObject(error) ? error : event;
}
