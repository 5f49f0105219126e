/**
 * Returns a text that is not empty; otherwise undefined, because some servers and gateways send empty texts for missing
 * ones.
 */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Returns a value that should be a word as text, and an empty text for an object. `String` throws for `{ "toString": 1
 * }`, which a server, a page or a saved run may contain.
 */
export function wordOf(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function' ? '' : String(value);
}
