import type { Emulation } from '../emulation.ts';
import { responseNotFound } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { retrievedObject } from '../world/response-object.ts';
import { statusOf } from '../world/status-of.ts';

/** `GET /responses/{id}`. */
export function retrieve(emulation: Emulation, id: string): Answer {
  const now = emulation.clock.now();
  const response = emulation.world.find(id);
  // A foreground response exists for others only when it is done.
  if (response === undefined || (!response.background && statusOf(response, now) === 'in_progress'))
    return failure(responseNotFound(id));
  return json(retrievedObject(response, statusOf(response, now)));
}
