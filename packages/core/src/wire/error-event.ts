import { isJsonObject, type JsonObject } from './json.ts';
import { wordOf } from './text-of.ts';

/**
 * Whether an event with a type is an error: by the name of its frame, as `response.error`, or as `object: 'error'`.
 * Some servers write the type of the error in place of the event's (vLLM and SGLang: `InternalServerError`).
 */
export function isErrorEvent({ type, object }: JsonObject, name?: string): boolean {
  const isNamed = name === 'error' && !wordOf(type).startsWith('response.');
  return type === 'error' || type === 'response.error' || object === 'error' || isNamed;
}

/** Returns the error object of such an event: nested, or the event itself. */
export function errorOfEvent(event: JsonObject): JsonObject {
  const { error } = event;
  return isJsonObject(error) ? error : event;
}
