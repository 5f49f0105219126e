import { answerJson } from './answer-json.ts';
import { errorOfEvent, isErrorEvent } from '../../wire/error-event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { readResponse } from '../../wire/response.ts';
import { textOf } from '../../wire/text-of.ts';
import type { Frame } from './frame.ts';

/** The snapshot that an event shows; some gateways send it bare, as the event itself. */
export function snapshotIn(event: JsonObject): JsonObject | undefined {
  const { response, type } = event;
  if (isJsonObject(response)) return response;
  return type === 'error' || readResponse(event) === undefined ? undefined : event;
}

/** An event of the API's stream, in the API's own form. */
export interface ReadEvent {
  readonly event: JsonObject;
  /** Undefined where neither the event nor its frame states one. */
  readonly type: string | undefined;
}

/** An error in the form that OpenAI's wire gives it: clients know others by no type at all. */
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

/** The error that an event without a type is, if it is one: gateways send an envelope, or a text in place of its object. */
function untypedError({ error }: JsonObject): ReadEvent | undefined {
  if (isJsonObject(error)) return errorEvent(error);
  const text = textOf(error);
  return text === undefined ? undefined : errorEvent({ message: text });
}

/**
 * Reads what a frame holds. Undefined for what is no event of the API's: no JSON, or without a type, a snapshot, an error.
 * `untyped` is told of an object that is none of these.
 */
export function readEvent(
  { event: name, data }: Exclude<Frame, { readonly comment: string }>,
  untyped: (object: JsonObject) => void = () => undefined,
): ReadEvent | undefined {
  // `message` is what every event is called that has no name (HTML standard, section 9.2).
  const stated = name === undefined || name === 'message' ? undefined : name;
  const event = parsed(data);
  // An error that is a mere text.
  if (!isJsonObject(event))
    return stated === 'error' && data !== '' ? errorEvent({ message: data }) : undefined;
  const type = textOf(event['type']) ?? stated;
  // Whose own type is another: clients know it by no name.
  if (type !== undefined && type !== 'error' && isErrorEvent(event, stated))
    return errorEvent(errorOfEvent(event));
  if (type !== undefined || snapshotIn(event) !== undefined) return { event, type };
  const error = untypedError(event);
  if (error === undefined) untyped(event);
  return error;
}
