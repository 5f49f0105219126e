/** A text that says something, or undefined: some servers and gateways send empty ones for nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * A value that should be a word, as text; an object is none. `String` throws for `{ "toString": 1 }`, which a server, a
 * page or a saved run may hold where a word is expected.
 */
export function wordOf(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function' ? '' : String(value);
}
