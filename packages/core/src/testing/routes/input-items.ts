import type { Emulation } from '../emulation.ts';
import { isApiError, responseNotFound } from '../http/api-error.ts';
import { failure, json, type Answer } from '../http/answer.ts';
import { pageOf } from '../http/page.ts';
import { includedIn, includeError } from '../validation/values.ts';
import { visibleResponse } from './retrieve.ts';

/** `GET /responses/{id}/input_items`. For a chained response it lists the context of the whole chain. */
export function listInputItems(emulation: Emulation, id: string, query: URLSearchParams): Answer {
  const response = visibleResponse(emulation, id);
  if (response === undefined) return failure(responseNotFound(id));
  const unknown = includeError(includedIn(query));
  if (unknown !== undefined) return failure(unknown);
  const page = pageOf(emulation.world.contextOf(response), query);
  return isApiError(page) ? failure(page) : json(page);
}
