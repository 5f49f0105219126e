import type { Item } from '../../wire/items.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { errorFirst } from '../stream/error-first.ts';
import { openStream } from '../stream/open-stream.ts';
import { backgroundOptionsError } from '../validation/background-options.ts';
import { contextError } from '../validation/context-management.ts';
import { encryptedContentError } from '../validation/encrypted-content.ts';
import { inputError } from '../validation/input.ts';
import { itemIdError } from '../validation/item-ids.ts';
import { jsonModeError } from '../validation/json-mode.ts';
import { metadataError } from '../validation/metadata.ts';
import { modelError, modelOf } from '../validation/model.ts';
import { pairingError, toolFitError } from '../validation/pairing.ts';
import { parameterError } from '../validation/parameters.ts';
import { previousResponse } from '../validation/previous-response.ts';
import { reasoningError } from '../validation/reasoning-pairs.ts';
import { samplingError } from '../validation/sampling.ts';
import { strictSchemaError } from '../validation/strict-schemas.ts';
import { toolsError } from '../validation/tools.ts';
import { unknownParameter } from '../validation/type-errors.ts';
import { valueError } from '../validation/values.ts';
import { sendWhenDone } from '../webhooks/webhook-sender.ts';
import { cancelResponse } from '../world/cancel-response.ts';
import { callAnsweredBy, inputItems, modelTurns } from '../world/conversation.ts';
import { newResponse, type CreateRequest } from '../world/new-response.ts';
import { answeredObject, responseObject } from '../world/response-object.ts';
import { statusOf } from '../world/status-of.ts';
import type { StoredResponse } from '../world/stored-response.ts';

/** A create that continues neither a response nor a conversation. */
const nothing = { previous: undefined, continued: undefined, conversation: undefined } as const;

/** The iteration of a create, even of an invalid one, because faults select iterations. */
export function iterationOfCreate(
  { world, compactions, conversations }: Emulation,
  body: JsonObject,
): number {
  const isMade = ({ id }: Item): boolean => id !== undefined && world.ownerOf(id) !== undefined;
  const { conversation } = body;
  const name = isJsonObject(conversation) ? conversation['id'] : conversation;
  const before = typeof name === 'string' ? (conversations.find(name)?.items ?? []) : [];
  const input = world.resolved(inputItems(body['input']));
  const turns = modelTurns(compactions.expanded([...before, ...input]), isMade);
  const id = body['previous_response_id'];
  const previous = typeof id === 'string' ? world.chainable(id) : undefined;
  if (previous === undefined) return turns;
  // A cancelled response does not count as a turn, so the create repeats its iteration.
  return previous.iterationIndex + (previous.cancelled === null ? 1 : 0) + turns;
}

function includeError({ faults }: Emulation, body: JsonObject, iteration: number): ApiError | undefined {
  const { include } = body;
  if (!Array.isArray(include) || !include.includes('reasoning.encrypted_content')) return undefined;
  if (faults.take('no-reasoning-include', iteration) === undefined) return undefined;
  return invalidRequest('Encrypted content is not supported with this model.', 'include');
}

function unstoredError({ options }: Emulation, body: JsonObject): ApiError | undefined {
  if (options.backgroundUnstored !== 'reject' || body['background'] !== true || body['store'] !== false)
    return undefined;
  return invalidRequest('background mode requires store to be true.', 'background', 'unsupported_parameter');
}

/**
 * The error of the fault `azure-loses-calls` if the input has an output and the previous response is a background
 * response.
 */
function lostCallError(
  { faults }: Emulation,
  previous: StoredResponse | undefined,
  input: readonly Item[],
): ApiError | undefined {
  const call = input.map(callAnsweredBy).find((id) => id !== undefined);
  if (previous?.background !== true || call === undefined) return undefined;
  if (faults.take('azure-loses-calls', previous.iterationIndex + 1) === undefined) return undefined;
  return invalidRequest(`No tool call found for function call output with call_id ${call}.`, 'input');
}

/** Validates a create in the API's order: model, parameters, previous response, then the items together. */
function validated(emulation: Emulation, body: JsonObject): CreateRequest | ApiError {
  const { world, options } = emulation;
  const iterationIndex = iterationOfCreate(emulation, body);
  const malformed =
    modelError(body, options.models) ??
    parameterError(body) ??
    valueError(body) ??
    samplingError(modelOf(body), body) ??
    metadataError(body) ??
    toolsError(body) ??
    strictSchemaError(body) ??
    inputError(body, (item) => typeof item['id'] === 'string' && world.ownerOf(item['id']) !== undefined) ??
    backgroundOptionsError(body) ??
    contextError(body) ??
    unstoredError(emulation, body) ??
    includeError(emulation, body, iterationIndex);
  if (malformed !== undefined) return malformed;
  const ignored =
    typeof body['previous_response_id'] === 'string'
      ? emulation.faults.take('chain-ignored', iterationIndex)
      : undefined;
  const chained = ignored === undefined ? previousResponse(emulation, body) : nothing;
  if ('message' in chained) return chained;
  const { previous, conversation: continued } = chained;
  const input = inputItems(body['input']);
  if (ignored !== undefined) {
    const blind = { text: ignored.text ?? 'Hello! How can I help you today?' };
    return { body, model: modelOf(body), ...nothing, input, conversation: input, iterationIndex, blind };
  }
  const before = previous === undefined ? (continued?.items ?? []) : world.conversationOf(previous);
  const resolved = world.resolved(input);
  const conversation = [...before, ...resolved];
  const expanded = emulation.compactions.expanded(conversation);
  const mismatch =
    lostCallError(emulation, previous, input) ??
    itemIdError(before, input, world) ??
    reasoningError(input, world) ??
    encryptedContentError(input, world) ??
    pairingError(expanded) ??
    toolFitError(body, input, expanded) ??
    jsonModeError(body, expanded);
  const model = modelOf(body);
  return mismatch ?? { body, model, previous, continued, input: resolved, conversation, iterationIndex };
}

/** Answers a foreground create. A client that disconnects cancels the response. */
async function foreground(
  emulation: Emulation,
  response: StoredResponse,
  signal: AbortSignal,
): Promise<Answer> {
  const { clock } = emulation;
  if (response.oddities.answersAtOnce !== true) {
    const left = (response.endsAt ?? Number.POSITIVE_INFINITY) - clock.now();
    await clock.sleep(left, signal);
    if (signal.aborted) {
      if (statusOf(response, clock.now()) === 'in_progress') cancelResponse(emulation, response);
      throw signal.reason;
    }
  }
  return json(answeredObject(response, statusOf(response, clock.now())));
}

export interface CreateCall {
  readonly body: JsonObject;
  readonly idempotencyKey: string | null;
  readonly request: Request;
}

function answerWith(
  emulation: Emulation,
  response: StoredResponse,
  request: Request,
): Answer | Promise<Answer> {
  const { body } = response;
  if (body['stream'] === true) {
    const options = body['stream_options'];
    const padded =
      typeof options !== 'object' ||
      options === null ||
      Reflect.get(options, 'include_obfuscation') !== false;
    return openStream(emulation, response, {
      from: 0,
      request,
      ofCreate: true,
      obfuscate: !response.background && padded,
    });
  }
  if (!response.background) return foreground(emulation, response, request.signal);
  const status = emulation.faults.take('202-create', response.iterationIndex) === undefined ? 200 : 202;
  return json(responseObject(response, statusOf(response, emulation.clock.now())), status);
}

/** `POST /responses`. */
export async function create(emulation: Emulation, call: CreateCall): Promise<Answer> {
  const { world } = emulation;
  const first = call.idempotencyKey === null ? undefined : world.byIdempotencyKey(call.idempotencyKey);
  if (first !== undefined && emulation.options.idempotencyKeys === true)
    return answerWith(emulation, first, call.request);
  const betas = call.request.headers.get('openai-beta') ?? '';
  if ('multi_agent' in call.body && !betas.includes('responses_multi_agent'))
    return failure(unknownParameter('multi_agent'));
  const request = validated(emulation, call.body);
  if ('message' in request) return failure(request);
  const failed = emulation.faults.take('error-event-first', request.iterationIndex);
  if (failed !== undefined) return errorFirst(failed, call.body['stream'] === true);
  const response = await newResponse(emulation, request, call.idempotencyKey);
  world.add(response);
  const { continued } = request;
  if (continued !== undefined) continued.pending = [...continued.pending, response.id];
  void sendWhenDone(emulation, response, emulation.worldEnd.signal);
  return answerWith(emulation, response, call.request);
}
