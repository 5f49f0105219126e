import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
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

/** The response that a create is chained to, or why it cannot be. Undefined when it is not chained. */
export function previousResponse(
  emulation: Emulation,
  body: JsonObject,
): { readonly previous: StoredResponse | undefined } | ApiError {
  const { world, clock, options, faults } = emulation;
  const { conversation } = body;
  const id = body['previous_response_id'];
  if (typeof id !== 'string' && (conversation ?? null) !== null) {
    // Conversations are not emulated: none exists.
    const name =
      typeof conversation === 'string' ? conversation : isJsonObject(conversation) ? conversation['id'] : '';
    return invalidRequest(
      `Conversation with id '${typeof name === 'string' ? name : ''}' not found.`,
      null,
      null,
      404,
    );
  }
  if (typeof id !== 'string') return { previous: undefined };
  if ((conversation ?? null) !== null) {
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
  const previous = world.chainable(id);
  if (previous === undefined || !previous.store) return notFound(id);
  const end = endedAt(previous, clock.now());
  if (end === undefined) return runningError(emulation, id);
  const late = faults.take(
    'previous-response-not-found-for',
    previous.legIndex + 1,
    (fault) => clock.now() < end + (fault.ms ?? 2000),
  );
  return late === undefined ? { previous } : notFound(id);
}
