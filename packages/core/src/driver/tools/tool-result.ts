import { longestOutput, type ContentPart, type ToolOutput } from '../../wire/items.ts';
import { inputPartFields } from '../../wire/part-fields.ts';
import { isJsonObject, textOf, wordOf } from '../../wire/json.ts';

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

/**
 * Whether a value was written as an object literal, in this realm or another. Its prototype, if any, has no prototype.
 */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A readable name of the value: the name of its class, with an error's message. */
function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? 'nothing' : `a ${typeof value}`;
  // A value without a class of its own, such as a generator, has a tag.
  const name =
    textOf(value.constructor?.name) ?? Object.prototype.toString.call(value).slice('[object '.length, -1);
  const message = value instanceof Error ? ` (${value.message})` : '';
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}${message}`;
}

function refuse(value: unknown, why: string, source: string): never {
  throw new TypeError(`${source} returned ${nameOf(value)}${why}`);
}

/** A Map as an object, if its keys are strings, numbers or booleans, and have different texts. */
function objectOf(map: ReadonlyMap<unknown, unknown>, source: string): object {
  const entries = [...map].map(([key, value]) => [String(key), value] as const);
  const areNames = [...map.keys()].every((key) =>
    ['string', 'number', 'bigint', 'boolean'].includes(typeof key),
  );
  const object: object = Object.fromEntries(entries);
  if (!areNames || Object.keys(object).length < map.size)
    refuse(map, ' whose keys are not text: return an object, or a list of pairs', source);
  return object;
}

/**
 * The result of a user's function as JSON. Converts a result that JSON would write as `{}`, or not at all, although it
 * is not empty: a Map to an object, a Set to a list. Other such results are refused, because they would look like an
 * empty result.
 *
 * @param source The function, for the error
 * @throws TypeError if JSON cannot represent the result
 */
export function resultJson(result: unknown, source: string): string {
  const text: string | undefined = JSON.stringify(result);
  const isEmptied = typeof result === 'object' && result !== null && text === '{}' && !isPlain(result);
  if (text !== undefined && !isEmptied) return text;
  if (result instanceof Map) return JSON.stringify(objectOf(result, source));
  if (result instanceof Set) return JSON.stringify([...result]);
  // The value defines its own JSON.
  if (text !== undefined && typeof result === 'object' && result !== null && 'toJSON' in result) return text;
  return refuse(result, ', which JSON cannot represent: return text or plain data', source);
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
