/** A copy of a JSON value that shares nothing with it: what a caller holds is never kept, frozen or mutated (I1). */
export function jsonCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
