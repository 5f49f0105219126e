import type { JsonObject } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { missing } from './type-errors.ts';

/** HTTP 400, not 404, as recorded. */
export function modelError(
  body: JsonObject,
  models: { readonly [model: string]: string } | undefined,
): ApiError | undefined {
  const { model } = body;
  if (typeof model !== 'string' || model === '') return missing('model');
  if (models === undefined || Object.hasOwn(models, model)) return undefined;
  return invalidRequest(`The requested model '${model}' does not exist.`, 'model', 'model_not_found');
}
