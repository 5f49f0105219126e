/**
 * The second id of an object, in the form of its first id. It is computed from the first id, so records do not store
 * it. For ids that end in a lower-case hex digit, applying this function twice returns the first id.
 */
export function otherId(id: string): string {
  const digit = Number.parseInt(id.at(-1) ?? '', 16);
  return Number.isNaN(digit) ? `${id}0` : `${id.slice(0, -1)}${(digit ^ 1).toString(16)}`;
}
