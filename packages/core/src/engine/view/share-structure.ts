import { isJsonObject } from '../../wire/json.ts';

/**
 * Returns `next` with the parts of `before` that are equal, so that unchanged objects keep their identity. Returns
 * `before` itself if everything is equal. Both values are plain JSON.
 */
export function shareStructure<T>(before: unknown, next: T): T;
export function shareStructure(before: unknown, next: unknown): unknown {
  if (Object.is(before, next)) return before;
  if (Array.isArray(before) && Array.isArray(next)) {
    const shared: unknown[] = next.map((entry, index) => shareStructure(before[index], entry));
    const isEqual =
      before.length === shared.length && shared.every((entry, index) => Object.is(entry, before[index]));
    return isEqual ? before : shared;
  }
  if (!isJsonObject(before) || !isJsonObject(next)) return next;
  const shared = Object.fromEntries(
    Object.entries(next).map(([key, value]) => [
      key,
      Object.hasOwn(before, key) ? shareStructure(before[key], value) : value,
    ]),
  );
  const keys = Object.keys(shared);
  const isEqual =
    keys.length === Object.keys(before).length &&
    keys.every((key) => Object.hasOwn(before, key) && Object.is(shared[key], before[key]));
  return isEqual ? before : shared;
}
