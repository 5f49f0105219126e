import { isJsonObject, wordOf, type JsonObject } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { unknownParameter, unsupportedValue } from './type-errors.ts';

const windows: readonly string[] = ['soonest', '2h', '8h'];
const fields: readonly string[] = ['completion_window', 'continuation_id'];
const standardTiers: readonly unknown[] = [undefined, null, 'auto', 'default'];

/** The hours within which a discounted background response completes; undefined means as soon as possible. */
export function windowHours(body: JsonObject): number | undefined {
  const options = body['background_options'];
  const window = isJsonObject(options) ? options['completion_window'] : undefined;
  if (window === '2h') return 2;
  return window === '8h' ? 8 : undefined;
}

/**
 * The first error in the background options. Discounted windows need `background: true`, Standard processing and no
 * stream (`openai`'s types).
 */
export function backgroundOptionsError(body: JsonObject): ApiError | undefined {
  const options = body['background_options'];
  if (!isJsonObject(options)) return undefined;
  const unknown = Object.keys(options).find((name) => !fields.includes(name));
  if (unknown !== undefined) return unknownParameter(`background_options.${unknown}`);
  const window = options['completion_window'] ?? 'soonest';
  if (typeof window !== 'string' || !windows.includes(window))
    return unsupportedValue('background_options.completion_window', wordOf(window), windows);
  if (windowHours(body) === undefined) return undefined;
  const needs = (what: string, param: string): ApiError =>
    invalidRequest(`Completion window '${window}' requires ${what}.`, param, 'unsupported_parameter');
  if (body['background'] !== true) return needs("'background' to be true", 'background');
  if (body['stream'] === true) return needs("'stream' to be false or omitted", 'stream');
  if (standardTiers.includes(body['service_tier'])) return undefined;
  return needs("'service_tier' to be 'auto' or 'default'", 'service_tier');
}
