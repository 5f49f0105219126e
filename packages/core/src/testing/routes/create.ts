import type { Item } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { pairingError } from '../validation/pairing.ts';
import { inputItems, modelTurns } from '../world/conversation.ts';
import { newResponse } from '../world/new-response.ts';
import { responseObject } from '../world/response-object.ts';
import { endedAt, statusOf } from '../world/status-of.ts';
import type { StoredResponse } from '../world/stored-response.ts';

function previousError(id: string): ApiError {
  return invalidRequest(
    `Previous response with id '${id}' not found.`,
    'previous_response_id',
    'previous_response_not_found',
  );
}

interface Continued {
  readonly previous: StoredResponse | undefined;
  readonly conversation: readonly Item[];
  readonly legIndex: number;
}

function continued(emulation: Emulation, body: JsonObject): Continued | ApiError {
  const input = inputItems(body['input']);
  const id = body['previous_response_id'];
  if (typeof id !== 'string')
    return { previous: undefined, conversation: input, legIndex: modelTurns(input) };
  const previous = emulation.world.find(id);
  if (previous === undefined || !previous.store || endedAt(previous, emulation.clock.now()) === undefined)
    return previousError(id);
  const conversation = [...emulation.world.conversationOf(previous), ...input];
  return { previous, conversation, legIndex: previous.legIndex + 1 + modelTurns(input) };
}

async function foreground(
  emulation: Emulation,
  response: StoredResponse,
  signal: AbortSignal,
): Promise<Answer> {
  if (response.endsAt !== null) await emulation.clock.sleep(response.endsAt - emulation.clock.now(), signal);
  signal.throwIfAborted();
  return json(responseObject(response, statusOf(response, emulation.clock.now())), true);
}

/** `POST /responses`. */
export async function create(emulation: Emulation, body: JsonObject, signal: AbortSignal): Promise<Answer> {
  const context = continued(emulation, body);
  if ('message' in context) return failure(context);
  const mismatch = pairingError(context.conversation);
  if (mismatch !== undefined) return failure(mismatch);
  const response = await newResponse(emulation, { body, ...context });
  emulation.world.add(response);
  if (!response.background) return foreground(emulation, response, signal);
  return json(responseObject(response, statusOf(response, emulation.clock.now())));
}
