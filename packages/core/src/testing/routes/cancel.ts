import type { Emulation } from '../emulation.ts';
import { invalidRequest, responseNotFound } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { cancelResponse } from '../world/cancel-response.ts';
import { answeredObject, responseObject } from '../world/response-object.ts';
import { endedAt, statusOf } from '../world/status-of.ts';
import type { StoredResponse } from '../world/stored-response.ts';
import { visibleResponse } from './retrieve.ts';

/** Answers a repeated or late cancel with the final response, because OpenAI documents cancels as idempotent. */
function cancelTerminal({ faults, clock }: Emulation, response: StoredResponse): Answer {
  const status = statusOf(response, clock.now());
  const refused =
    status === 'cancelled' ? undefined : faults.take('cancel-terminal-400', response.iterationIndex);
  if (refused === undefined) return json(answeredObject(response, status));
  const what = status === 'incomplete' ? 'a response in terminal state' : `a ${status} response`;
  return failure(invalidRequest(`Cannot cancel ${what}.`, null, null, refused.status ?? 400));
}

/** `POST /responses/{id}/cancel`. */
export function cancel(emulation: Emulation, id: string): Answer {
  const { faults, clock } = emulation;
  const response = visibleResponse(emulation, id);
  if (response === undefined) return failure(responseNotFound(id));
  if (!response.background && response.oddities.answersAtOnce !== true) {
    return failure(invalidRequest('Cannot cancel a synchronous response.'));
  }
  if (endedAt(response, clock.now()) !== undefined) return cancelTerminal(emulation, response);
  if (faults.take('cancel-loses-race', response.iterationIndex) !== undefined) {
    return json(responseObject({ ...response, cancelled: null }, 'cancelled'));
  }
  cancelResponse(emulation, response);
  const answer = json(responseObject(response, 'cancelled'));
  if (
    response.cancelled !== null &&
    faults.take('cancel-without-usage', response.iterationIndex) !== undefined
  ) {
    response.cancelled.usageShown = true;
  }
  return answer;
}
