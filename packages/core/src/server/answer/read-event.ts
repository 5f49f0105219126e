import { answerJson } from './answer-json.ts';
import { errorOfEvent, isErrorEvent } from '../../wire/error-object.ts';
import { isJsonObject, textOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { readResponse } from '../../wire/response.ts';
import type { Frame } from './frame.ts';

/** Returns the snapshot in an event. Some gateways send the snapshot itself as the event. */
export function snapshotIn(event: JsonObject): JsonObject | undefined {
  const { response, type } = event;
  if (isJsonObject(response)) return response;
  return type === 'error' || readResponse(event) === undefined ? undefined : event;
}

/** An event of the API's stream, in the API's form. */
export interface ReadEvent {
  readonly event: JsonObject;
  /** Undefined if neither the event nor its frame has a type. */
  readonly type: string | undefined;
}

/**
 * Creates an error event in OpenAI's form. Clients do not recognize an error in another form, even if its type is
 * `error`.
 */
export function errorEvent(error: JsonObject): ReadEvent {
  return { event: { type: 'error', error }, type: 'error' };
}

function parsed(data: string): JsonValue | undefined {
  try {
    return answerJson(data);
  } catch {
    return undefined;
  }
}

/** Returns the error of an event without a type. Gateways send an `error` object, or a text in its place. */
function untypedError({ error }: JsonObject): ReadEvent | undefined {
  if (isJsonObject(error)) return errorEvent(error);
  const text = textOf(error);
  return text === undefined ? undefined : errorEvent({ message: text });
}

/**
 * Reads the event in a frame. Undefined if it is not an event of the API: invalid JSON, or an object that has no type
 * and is neither a snapshot nor an error. `untyped` receives such objects.
 */
export function readEvent(
  { event: name, data }: Exclude<Frame, { readonly comment: string }>,
  untyped: (object: JsonObject) => void = () => undefined,
): ReadEvent | undefined {
  // An event without a name has the default name `message` (HTML standard, section 9.2).
  const stated = name === undefined || name === 'message' ? undefined : name;
  const event = parsed(data);
  // An error may be plain text.
  if (!isJsonObject(event))
    return stated === 'error' && data !== '' ? errorEvent({ message: data }) : undefined;
  const type = textOf(event['type']) ?? stated;
  // An error may have a type other than `error`, which clients do not recognize.
  if (type !== undefined && type !== 'error' && isErrorEvent(event, stated))
    return errorEvent(errorOfEvent(event));
  if (type !== undefined || snapshotIn(event) !== undefined) return { event, type };
  const error = untypedError(event);
  if (error === undefined) untyped(event);
  return error;
}
