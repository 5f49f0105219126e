import type { Emulation } from '../emulation.ts';
import { invalidRequest, responseNotFound } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { endedAt } from '../world/status-of.ts';
import { visibleResponse } from './retrieve.ts';

/** `DELETE /responses/{id}`. */
export function deleteResponse(emulation: Emulation, id: string): Answer {
  const response = visibleResponse(emulation, id);
  if (response === undefined) return failure(responseNotFound(id));
  const running = endedAt(response, emulation.clock.now()) === undefined;
  if (running && (emulation.options.deleteInFlight ?? 'reject') === 'reject') {
    return failure(invalidRequest('Cannot delete an in-flight response.'));
  }
  response.deleted = true;
  return json({ id, object: 'response.deleted', deleted: true });
}
