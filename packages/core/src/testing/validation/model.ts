import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { missing, wrongType } from './type-errors.ts';

/** The requested model; empty if there is none. */
export function modelOf({ model }: JsonObject): string {
  return typeof model === 'string' ? model : '';
}

/** The error for a missing or unknown model. As in recordings, its status is 400, not 404. */
export function modelError(
  body: JsonObject,
  models: { readonly [model: string]: string } | undefined,
): ApiError | undefined {
  const sent = body['model'] ?? undefined;
  if (sent !== undefined && typeof sent !== 'string') return wrongType('model', 'a string', sent);
  const model = modelOf(body);
  // A stored prompt has its own model.
  if (model === '') return isJsonObject(body['prompt']) ? undefined : missing('model');
  if (models === undefined || Object.hasOwn(models, model)) return undefined;
  return invalidRequest(`The requested model '${model}' does not exist.`, 'model', 'model_not_found');
}
