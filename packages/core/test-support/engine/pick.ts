/** Picks an element of a list by a number of any size. */
export function pick<T>(from: readonly T[], by: number): T {
  const chosen = from[by % from.length];
  if (chosen === undefined) throw new Error('The list is empty.');
  return chosen;
}
