import { isJsonObject, type JsonObject } from '../src/wire/json.ts';

/** The outputs that a create sends, by call id. */
export function outputsIn(body: JsonObject | undefined): Record<string, unknown> {
  const input = Array.isArray(body?.['input']) ? body['input'] : [];
  const outputs = input.filter(isJsonObject).filter(({ type }) => String(type).endsWith('_output'));
  return Object.fromEntries(outputs.map(({ call_id: id, output }) => [String(id), output]));
}
