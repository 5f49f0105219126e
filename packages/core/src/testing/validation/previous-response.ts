import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import type { StoredConversation } from '../world/conversations.ts';
import { endedAt } from '../world/status-of.ts';
import type { StoredResponse } from '../world/stored-response.ts';

function notFound(id: string): ApiError {
  return invalidRequest(
    `Previous response with id '${id}' not found.`,
    'previous_response_id',
    'previous_response_not_found',
  );
}

function runningError({ options }: Emulation, id: string): ApiError {
  if (options.chainToRunning !== 'conflict') return notFound(id);
  return invalidRequest(
    `Previous response with id '${id}' is still in progress.`,
    'previous_response_id',
    null,
    409,
  );
}

function otherKind(id: string): ApiError {
  return invalidRequest(
    `Invalid 'previous_response_id': '${id}'. Expected an ID that begins with 'resp'.`,
    'previous_response_id',
    'invalid_id_prefix',
  );
}

export function conversationNotFound(id: string): ApiError {
  return invalidRequest(`Conversation with id '${id}' not found.`, null, null, 404);
}

/** The conversation that a create continues. */
export interface Continued {
  readonly previous: StoredResponse | undefined;
  readonly conversation: StoredConversation | undefined;
}

function conversationId({ conversation }: JsonObject): string | undefined {
  if (typeof conversation === 'string') return conversation;
  if (!isJsonObject(conversation)) return undefined;
  return typeof conversation['id'] === 'string' ? conversation['id'] : '';
}

function continuedConversation({ conversations }: Emulation, id: string): Continued | ApiError {
  const conversation = conversations.find(id);
  if (conversation === undefined) return conversationNotFound(id);
  if (conversation.pending.length === 0) return { previous: undefined, conversation };
  return invalidRequest(
    'Another process is currently operating on this conversation. Please retry in a few seconds.',
    'conversation',
    'conversation_locked',
  );
}

/** Returns the response or the conversation that a create continues, or the error if it cannot. */
export function previousResponse(emulation: Emulation, body: JsonObject): Continued | ApiError {
  const { world, clock, options, faults } = emulation;
  const conversation = conversationId(body);
  const id = body['previous_response_id'];
  if (typeof id !== 'string') {
    return conversation === undefined
      ? { previous: undefined, conversation: undefined }
      : continuedConversation(emulation, conversation);
  }
  if (conversation !== undefined) {
    return invalidRequest(
      "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Ensure you are only providing one of these.",
      null,
      'mutually_exclusive_parameters',
    );
  }
  if (options.zeroDataRetention === true) {
    return invalidRequest(
      'Previous response cannot be used for this organization due to Zero Data Retention.',
      'previous_response_id',
      'unsupported_parameter',
    );
  }
  if (!id.startsWith('resp')) return otherKind(id);
  const previous = world.chainable(id);
  if (previous === undefined || !previous.store) return notFound(id);
  const end = endedAt(previous, clock.now());
  if (end === undefined) return runningError(emulation, id);
  const late = faults.take(
    'previous-response-not-found-for',
    previous.iterationIndex + 1,
    (fault) => clock.now() < end + (fault.ms ?? 2000),
  );
  return late === undefined ? { previous, conversation: undefined } : notFound(id);
}
