import type { ContentPart, ToolOutput } from '../wire/items.ts';
import { isJsonObject } from '../wire/json.ts';

const partTypes: readonly unknown[] = ['input_text', 'input_image', 'input_file'];

function isContent(value: unknown): value is readonly ContentPart[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part: unknown) => isJsonObject(part) && partTypes.includes(part['type']))
  );
}

/**
 * What a tool's result is sent as: a string verbatim, content parts as they are, anything else as JSON. The API
 * refuses a missing output, so `undefined` is sent as `null`.
 *
 * @throws TypeError for what JSON cannot hold
 */
export function toolOutput(result: unknown): { readonly output: ToolOutput; readonly json: boolean } {
  // Half a character, as of a text that was cut off, is none that the API could be sent.
  if (typeof result === 'string') return { output: result.toWellFormed(), json: false };
  // A copy, by way of JSON: what is recorded must not change with the tool's own object.
  const text: string | undefined = JSON.stringify(result);
  if (text === undefined && result !== undefined)
    throw new TypeError(`a ${typeof result} cannot be sent to the model`);
  if (isContent(result)) return { output: JSON.parse(text ?? '[]'), json: false };
  return { output: text ?? 'null', json: true };
}
