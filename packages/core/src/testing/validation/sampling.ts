import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';

const sampling: readonly string[] = ['temperature', 'top_p'];

/**
 * Whether a model accepts sampling parameters. Reasoning models do not accept them. From gpt-5.1 on, they accept them
 * if the effort is `none`, which is their default.
 */
function samples(model: string, { reasoning }: JsonObject): boolean {
  if (model.includes('-chat')) return true;
  if (/^(o\d|codex|gpt-5($|-))/.test(model)) return false;
  const effort = isJsonObject(reasoning) ? (reasoning['effort'] ?? 'none') : 'none';
  return !/^gpt-(5\.|[6-9])/.test(model) || effort === 'none';
}

/** The error for `temperature` or `top_p` if the model does not accept them (recorded with gpt-5). */
export function samplingError(model: string, body: JsonObject): ApiError | undefined {
  const param = sampling.find((name) => (body[name] ?? undefined) !== undefined);
  if (param === undefined || samples(model, body)) return undefined;
  return invalidRequest(`Unsupported parameter: '${param}' is not supported with this model.`, param);
}
