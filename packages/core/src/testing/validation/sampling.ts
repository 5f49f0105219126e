import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';

const sampling: readonly string[] = ['temperature', 'top_p'];

/**
 * Models that reason sample as they will. From gpt-5.1 on they take the parameters where the effort is `none`, which
 * is their default.
 */
function samples(model: string, { reasoning }: JsonObject): boolean {
  if (model.includes('-chat')) return true;
  if (/^(o\d|codex|gpt-5($|-))/.test(model)) return false;
  const effort = isJsonObject(reasoning) ? (reasoning['effort'] ?? 'none') : 'none';
  return !/^gpt-(5\.|[6-9])/.test(model) || effort === 'none';
}

/** `temperature` and `top_p` for a model that does not take them (recorded with gpt-5). */
export function samplingError(model: string, body: JsonObject): ApiError | undefined {
  const param = sampling.find((name) => (body[name] ?? undefined) !== undefined);
  if (param === undefined || samples(model, body)) return undefined;
  return invalidRequest(`Unsupported parameter: '${param}' is not supported with this model.`, param);
}
