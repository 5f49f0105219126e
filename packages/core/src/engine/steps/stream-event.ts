import { isErrorEvent } from '../../wire/error-event.ts';
import { readErrorObject, type ErrorObject } from '../../wire/error-object.ts';
import { foreignMessage } from '../../wire/foreign-message.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { isTerminal, readResponse, type Response, type TerminalResponseStatus } from '../../wire/response.ts';

/** Events that end a response, and the status that each stands for where its snapshot has none. */
const terminalEvents: Readonly<Record<string, TerminalResponseStatus>> = {
  'response.completed': 'completed',
  'response.failed': 'failed',
  'response.incomplete': 'incomplete',
  'response.cancelled': 'cancelled',
  // Some Codex back ends end a stream so.
  'response.done': 'completed',
};

/** The status that a terminal event stands for; undefined for any other event. */
export function endOf(event: JsonObject): TerminalResponseStatus | undefined {
  const { type } = event;
  return typeof type === 'string' && Object.hasOwn(terminalEvents, type) ? terminalEvents[type] : undefined;
}

/** The snapshot that an event embeds; some gateways send it bare, as the event itself. */
export function snapshotIn(event: JsonObject): JsonObject | undefined {
  const { response, type } = event;
  if (isJsonObject(response)) return response;
  return type === 'error' || readResponse(event) === undefined ? undefined : event;
}

/**
 * The Response object of an event. A terminal event ends its response: where the snapshot's status is missing, or is not
 * terminal, the event's type says it (pwnkit 331). Azure sends `response.failed` with the status `cancelled`, which counts.
 * Any other event ends nothing: its terminal status is ahead of what the stream still has to say.
 */
export function responseOf(event: JsonObject, pendingId?: string): Response | undefined {
  const end = endOf(event);
  const snapshot = snapshotIn(event);
  if (snapshot === undefined && (end === undefined || pendingId === undefined)) return undefined;
  const fields = { status: 'unknown', ...(snapshot ?? { ...event, id: pendingId }), object: 'response' };
  // A terminal event whose snapshot has no usable id is about the response that is waited for.
  const response = readResponse(fields) ?? readResponse({ ...fields, id: pendingId });
  if (response === undefined || isTerminal(response.status) === (end !== undefined)) return response;
  return { ...response, status: end ?? 'in_progress' };
}

/**
 * The error that an event is, if it is one: nested on OpenAI's wire, flat in its specification, without a type or as a
 * mere text on gateways.
 */
export function errorIn(event: JsonObject): ErrorObject | undefined {
  const { type, object, error } = event;
  if (type !== undefined && !isErrorEvent(event)) return undefined;
  const message = foreignMessage(event);
  if (type === undefined && message === undefined && !isJsonObject(error)) return undefined;
  // The type of such an object is the error's.
  const flat = { ...event, type: object === 'error' ? type : undefined, message };
  return readErrorObject(error) ?? readErrorObject(flat) ?? readErrorObject({ code: 'stream_error' });
}

/** Whether an event says something of the response that was not known: more than that a connection is there. */
export function isNews(event: JsonObject, cursor: number | null): boolean {
  const { type, sequence_number: number } = event;
  if (typeof number === 'number' && cursor !== null && number <= cursor) return false;
  return (typeof type === 'string' && type.startsWith('response.')) || snapshotIn(event) !== undefined;
}
