import type { Clock } from '../../clock/clock.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { parseJsonBody } from '../request/json-body.ts';
import { readBody } from '../request/read-body.ts';
import { invalidRequest } from './refusals.ts';

/** The time in which a body must arrive, in milliseconds. A slow connection needs it for images. */
const bodyTimeoutMs = 60_000;

/** Reads a request's body as a JSON object. */
export async function readJson(request: Request, maxBodyBytes: number, clock: Clock): Promise<JsonObject> {
  return parseJsonBody(await readBody(request, { maxBodyBytes, bodyTimeoutMs }, clock));
}

/** Reads the body of a request that needs none. An empty body has the meaning of `{}`, and needs no content type. */
export async function readOptionalJson(
  request: Request,
  maxBodyBytes: number,
  clock: Clock,
): Promise<JsonObject> {
  const { body, headers } = request;
  if (body === null && !headers.has('content-type')) return {};
  const isUntyped = !headers.has('content-type') && headers.get('content-length') === '0';
  if (isUntyped) return {};
  const text = await readBody(request, { maxBodyBytes, bodyTimeoutMs }, clock);
  return text === '' ? {} : parseJsonBody(text);
}

/** Refuses fields that are not documented. A misspelt field would otherwise have no effect. */
export function checkFields(body: JsonObject, known: readonly string[], where = 'The request'): void {
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown !== undefined)
    throw invalidRequest(`${where} has an unknown field \`${unknown}\`. Known: ${known.join(', ')}.`);
}

/** The text in a field. Refuses other values, and texts that are longer. */
export function readText(
  fields: JsonObject,
  field: string,
  maxLength: number = Number.POSITIVE_INFINITY,
): string {
  const value = fields[field];
  if (typeof value === 'string' && value.length <= maxLength) return value;
  const size = Number.isFinite(maxLength) ? ` of at most ${maxLength} characters` : '';
  throw invalidRequest(`\`${field}\` must be a text${size}.`);
}

export function readOptionalText(fields: JsonObject, field: string, maxLength?: number): string | undefined {
  return fields[field] === undefined ? undefined : readText(fields, field, maxLength);
}

/** A value as an object, or a refusal that names it. */
export function asObject(value: JsonValue | undefined, name: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw invalidRequest(`${name} must be an object.`);
}

/**
 * Refuses query parameters that the route does not have, and parameters that occur twice: only one of two values would
 * have an effect. `repeatable`: the parameters that may occur several times.
 */
export function checkQuery(
  query: URLSearchParams,
  known: readonly string[],
  repeatable: readonly string[] = [],
): void {
  const names = [...query.keys()];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidRequest(`This route has no query parameter \`${unknown}\`.`);
  const repeated = names.find((name, index) => names.indexOf(name) < index && !repeatable.includes(name));
  if (repeated !== undefined)
    throw invalidRequest(`The query parameter \`${repeated}\` must not occur twice.`);
}
