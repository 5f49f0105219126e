/** Marks an escaped id. An id that itself begins with this character is escaped too. */
const mark = '\u0000';

/**
 * Returns the key of a run, of its owner or of its conversation in the database. SQLite stores UTF-8, which cannot represent lone
 * surrogates, so two ids that differ only in lone surrogates would be equal. Such ids are stored as JSON text, which
 * escapes them. All other ids are stored unchanged.
 */
export function runKey(runId: string): string {
  return runId.isWellFormed() && !runId.startsWith(mark) ? runId : mark + JSON.stringify(runId);
}

/** The key of an optional id. */
export function keyOf(id: string | undefined): string | undefined {
  return id === undefined ? undefined : runKey(id);
}

export function runIdOfKey(key: string): string {
  if (!key.startsWith(mark)) return key;
  try {
    return String(JSON.parse(key.slice(mark.length)));
  } catch {
    // A damaged key belongs to no run. It must not fail a query that also returns other runs.
    return key;
  }
}
