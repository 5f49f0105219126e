/** Copies a JSON value completely, so that a caller's value is never kept, frozen or mutated (I1). */
export function jsonCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
