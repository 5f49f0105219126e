import { resultJson } from '../../agent/result-json.ts';
import { longestOutput, type ContentPart, type ToolOutput } from '../../wire/items.ts';
import { inputPartFields } from '../../wire/part-fields.ts';
import { isJsonObject, wordOf } from '../../wire/json.ts';

/** The maximum lengths of a content part's fields, in characters (OpenAPI, InputTextContentParam and others). */
const longest: Readonly<Record<string, number>> = {
  text: longestOutput,
  image_url: 20_971_520,
  file_data: 73_400_320,
};

function isContent(value: unknown): value is readonly ContentPart[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part: unknown) => isJsonObject(part) && Object.hasOwn(inputPartFields, wordOf(part['type'])))
  );
}

function checkLength(text: unknown, bound: number, what: string): void {
  if (typeof text !== 'string' || text.length <= bound) return;
  throw new TypeError(
    `the tool returned ${what} of ${text.length} characters. The API accepts at most ${bound}. Return less, or a file`,
  );
}

function checkParts(parts: readonly ContentPart[]): void {
  for (const part of parts) {
    const { texts, sources } = inputPartFields[part.type];
    const fields = [...texts, ...sources];
    if (!fields.some((field) => typeof part[field] === 'string')) {
      const places = fields.map((field) => `\`${field}\``).join(' or ');
      throw new TypeError(`the tool returned an ${part.type} part without ${places}`);
    }
    for (const [field, bound] of Object.entries(longest))
      checkLength(part[field], bound, `a part with \`${field}\``);
    // A URL begins with its scheme. Bare base64 does not.
    const wrong = [...fields, 'detail', 'filename'].find((field) => {
      const text = part[field] ?? 'data:';
      return typeof text !== 'string' || (field === 'image_url' && !/^[a-z]+:/i.test(text));
    });
    if (wrong !== undefined)
      throw new TypeError(
        `the tool returned an ${part.type} part with a \`${wrong}\` that the API does not accept`,
      );
  }
}

/**
 * A part with the fields that the API knows. The API refuses a create with other fields (`cache_control`,
 * `id`, `annotations`). The run would then be lost after the tool's work was done.
 */
function withKnownFields(part: ContentPart): ContentPart {
  const { texts, sources, optional } = inputPartFields[part.type];
  const fields = ['type', ...texts, ...sources, ...optional];
  const kept = Object.entries(part).filter(([field]) => fields.includes(field));
  return { ...Object.fromEntries(kept), type: part.type };
}

/**
 * Converts a tool's result for the API. A string is sent unchanged, content parts with the fields that the API knows,
 * and any other value as JSON. The API refuses a missing output, so `undefined` is sent as `null`.
 *
 * @throws TypeError if JSON cannot represent the value, or if it exceeds the API's limits. These are 10,485,760
 * characters of text or JSON, 20,971,520 of an image's URL, and 73,400,320 of a file's data.
 */
export function toolOutput(result: unknown): { readonly output: ToolOutput; readonly json: boolean } {
  if (result === undefined) return { output: 'null', json: true };
  if (typeof result === 'string') {
    checkLength(result, longestOutput, 'a text');
    return { output: result, json: false };
  }
  // A copy, because the recorded output must not change with the tool's object.
  const text = resultJson(result, 'the tool');
  const copy: unknown = isContent(result) ? JSON.parse(text) : undefined;
  // Check the copy, because parts with getters, gaps or a `toJSON` have different JSON.
  if (isContent(copy)) {
    checkParts(copy);
    return { output: copy.map(withKnownFields), json: false };
  }
  checkLength(text, longestOutput, 'JSON');
  return { output: text, json: true };
}
