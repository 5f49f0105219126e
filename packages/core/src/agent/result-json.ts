import { textOf } from '../wire/json.ts';

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
