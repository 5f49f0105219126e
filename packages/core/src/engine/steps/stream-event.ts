import { readErrorObject, type ErrorObject } from '../../wire/error-object.ts';
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
  const { response, object } = event;
  if (isJsonObject(response)) return response;
  return object === 'response' ? event : undefined;
}

/**
 * The Response object of an event. A terminal event ends its response: where the snapshot's status is missing, or is not
 * terminal, the event's type says it (pwnkit 331). Azure sends `response.failed` with the status `cancelled`, which counts.
 * Any other event ends nothing: a terminal status without an output is ahead of what its stream still has to say.
 */
export function responseOf(event: JsonObject, pendingId?: string): Response | undefined {
  const end = endOf(event);
  const snapshot = snapshotIn(event);
  if (snapshot === undefined && (end === undefined || pendingId === undefined)) return undefined;
  const fields = { status: 'unknown', ...snapshot, object: 'response' };
  // A terminal event whose snapshot has no usable id is about the response that is waited for.
  const response = readResponse(fields) ?? readResponse({ ...fields, id: pendingId });
  if (response === undefined) return undefined;
  if (end !== undefined) return isTerminal(response.status) ? response : { ...response, status: end };
  const isAhead = isTerminal(response.status) && response.output.length === 0;
  return isAhead ? { ...response, status: 'in_progress' } : response;
}

/** The error that an event is, if it is one: nested on OpenAI's wire, flat in its specification, without a type on gateways. */
export function errorIn(event: JsonObject): ErrorObject | undefined {
  const { type, error } = event;
  if (isJsonObject(error) && (type === 'error' || type === undefined)) return readErrorObject(error);
  return type === 'error'
    ? (readErrorObject({ ...event, type: undefined }) ?? readErrorObject({ code: 'stream_error' }))
    : undefined;
}
