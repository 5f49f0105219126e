import { isJsonObject } from './json.ts';

/** What is not JSON is treated as `JSON.stringify` treats it: left out of an object, null in a list. */
function copy(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
  if (Array.isArray(value)) return value.map((part: unknown) => copy(part) ?? null);
  if (!isJsonObject(value)) return value;
  // `fromEntries`, as assigning a property called `__proto__` would lose it.
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) =>
      part === undefined ? [] : [[key.isWellFormed() ? key : key.toWellFormed(), copy(part)]],
    ),
  );
}

/**
 * A copy of a JSON value in which every text and every key is well-formed Unicode: half a surrogate pair, as of a text
 * that was cut inside an emoji, becomes U+FFFD. Strict servers refuse a request that has one, each time it is sent
 * (eliza 18079). Objects and lists are new; texts are shared, since each request of a replayed run holds the whole
 * conversation.
 */
export function wellFormedCopy<T extends object>(value: T): T;
export function wellFormedCopy(value: object): unknown {
  return copy(value);
}
