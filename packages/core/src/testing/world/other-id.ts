/**
 * A second id for the same thing, of the same form, which follows from the first, so that no record has to hold it.
 * The second id of the second id is the first.
 */
export function otherId(id: string): string {
  const digit = Number.parseInt(id.at(-1) ?? '', 16);
  return Number.isNaN(digit) ? `${id}0` : `${id.slice(0, -1)}${(digit ^ 1).toString(16)}`;
}
