import type { Emulation } from '../emulation.ts';
import { invalidRequest, responseNotFound, type ApiError } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { openStream } from '../stream/open-stream.ts';
import { includedIn, includeError } from '../validation/values.ts';
import { otherId } from '../world/other-id.ts';
import { answeredObject } from '../world/response-object.ts';
import { statusOf } from '../world/status-of.ts';
import type { StoredResponse } from '../world/stored-response.ts';

/**
 * A response that can be retrieved. A foreground response can be retrieved only after its end, except with the fault
 * `in-progress-foreground`.
 */
export function visibleResponse({ world, clock }: Emulation, id: string): StoredResponse | undefined {
  const response = world.find(id);
  if (response === undefined) return undefined;
  const { hiddenForMs = 0, answersAtOnce = false } = response.oddities;
  const now = clock.now();
  if (hiddenForMs > 0 && now < response.createdAt + hiddenForMs) return undefined;
  return !response.background && !answersAtOnce && statusOf(response, now) === 'in_progress'
    ? undefined
    : response;
}

/**
 * The number of the first event to send. `starting_after` is exclusive; without it the stream starts at the first
 * event.
 */
function firstEvent(query: URLSearchParams): number | ApiError {
  const after = query.get('starting_after');
  if (after === null) return 0;
  if (/^\d+$/.test(after)) return Number(after) + 1;
  return invalidRequest(
    `Invalid type for 'starting_after': expected an integer, but got '${after}' instead.`,
    'starting_after',
    'invalid_type',
  );
}

function streamError(emulation: Emulation, response: StoredResponse): ApiError | undefined {
  const { clock, options, faults, switches } = emulation;
  if (!response.background) {
    return invalidRequest(
      'This response cannot be streamed because it was not created with background=true.',
      'stream',
      'invalid_request_error',
    );
  }
  if (!response.streamed && (options.streamOfPolled ?? 'reject') === 'reject') {
    return invalidRequest(
      'This response cannot be streamed because it was not created with stream=true.',
      'stream',
      'invalid_request_error',
    );
  }
  const closed =
    clock.now() > response.createdAt + (options.streamWindowMs ?? 300_000) ||
    response.createdAt <= (switches.streamsExpiredUntil ?? Number.NEGATIVE_INFINITY) ||
    faults.take('stream-expired', response.iterationIndex) !== undefined;
  return closed
    ? invalidRequest('This response can no longer be streamed because it is more than 5 minutes old.')
    : undefined;
}

function stream(
  emulation: Emulation,
  response: StoredResponse,
  query: URLSearchParams,
  request: Request,
): Answer | Promise<Answer> {
  const error = streamError(emulation, response);
  if (error !== undefined) return failure(error);
  const from = firstEvent(query);
  if (typeof from !== 'number') return failure(from);
  return openStream(emulation, response, { from, request, ofCreate: false, obfuscate: false });
}

/**
 * Waits until the response has ended, then returns it as JSON. Some servers answer a request for a stream in this way.
 */
async function blocked(emulation: Emulation, response: StoredResponse, signal: AbortSignal): Promise<Answer> {
  const { clock } = emulation;
  await clock.sleep((response.endsAt ?? Number.POSITIVE_INFINITY) - clock.now(), signal);
  return json(answeredObject(response, statusOf(response, clock.now())));
}

function refusedInclude(query: URLSearchParams, response: StoredResponse): ApiError | undefined {
  const include = includedIn(query);
  const unknown = includeError(include);
  if (unknown !== undefined) return unknown;
  if (!response.store || !include.includes('reasoning.encrypted_content')) return undefined;
  return invalidRequest('Encrypted content cannot be requested for persisted responses.', 'include');
}

/** `GET /responses/{id}`. */
export function retrieve(
  emulation: Emulation,
  id: string,
  query: URLSearchParams,
  request: Request,
): Answer | Promise<Answer> {
  const response = visibleResponse(emulation, id);
  if (response === undefined) return failure(responseNotFound(id));
  const refused = refusedInclude(query, response);
  if (refused !== undefined) return failure(refused);
  if (query.get('stream') === 'true') {
    const blocks = response.background && !response.streamed && emulation.options.streamOfPolled === 'block';
    return blocks
      ? blocked(emulation, response, request.signal)
      : stream(emulation, response, query, request);
  }
  const object = answeredObject(response, statusOf(response, emulation.clock.now()));
  return json(response.oddities.secondId?.in === 'retrieve' ? { ...object, id: otherId(id) } : object);
}
