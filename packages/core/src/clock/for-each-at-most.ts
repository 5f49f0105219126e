/**
 * Performs `work` for each entry in order, for at most `most` entries at the same time. The next entry begins as soon as
 * one has ended. Rejects with the first error. The entries that have not begun then are still performed.
 */
export async function forEachAtMost<T>(
  most: number,
  entries: readonly T[],
  work: (entry: T) => Promise<unknown>,
): Promise<void> {
  // All places take their entries from one iterator.
  const rest = entries.values();
  const place = async (): Promise<void> => {
    for (const entry of rest) await work(entry);
  };
  await Promise.all(Array.from({ length: most }, place));
}
