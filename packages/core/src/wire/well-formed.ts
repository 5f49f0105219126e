import { isJsonObject } from './json.ts';

/** Treats `undefined` as `JSON.stringify` does: omits it from an object, and writes null in a list. */
function copy(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
  if (Array.isArray(value)) return value.map((part: unknown) => copy(part) ?? null);
  if (!isJsonObject(value)) return value;
  // `fromEntries`, because assigning a property `__proto__` would lose it.
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) =>
      part === undefined ? [] : [[key.isWellFormed() ? key : key.toWellFormed(), copy(part)]],
    ),
  );
}

/**
 * Copies a JSON value so that every text and every key is well-formed Unicode. A lone surrogate, for example from a
 * text that was truncated inside an emoji, becomes U+FFFD. Strict servers refuse a request with a lone surrogate each
 * time it is sent (eliza 18079). Objects and lists are copied. Texts are shared, because each request of a replayed run
 * contains the whole conversation.
 */
export function wellFormedCopy<T extends object>(value: T): T;
export function wellFormedCopy(value: object): unknown {
  return copy(value);
}
