import type { Emulation } from '../emulation.ts';
import { invalidRequest, responseNotFound } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { responseObject } from '../world/response-object.ts';
import { endedAt, statusOf } from '../world/status-of.ts';

/** `POST /responses/{id}/cancel`. */
export function cancel(emulation: Emulation, id: string): Answer {
  const now = emulation.clock.now();
  const response = emulation.world.find(id);
  if (response === undefined) return failure(responseNotFound(id));
  if (!response.background) return failure(invalidRequest('Cannot cancel a synchronous response.'));
  if (endedAt(response, now) === undefined) {
    response.cancelled = {
      at: now,
      events: 0,
      started: statusOf(response, now) !== 'queued',
      usageShown: false,
    };
    emulation.world.changed(id);
  }
  return json(responseObject(response, statusOf(response, now)));
}
