/** No id of a run begins like this but by intention, and then it is written as the others are. */
const mark = '\u0000';

/**
 * A run's id as the database has it. SQLite keeps UTF-8, which has no halves of surrogate pairs: two ids that differ
 * in such halves alone would be one. They are written as JSON text, which escapes them; every other id as it is.
 */
export function runKey(runId: string): string {
  return runId.isWellFormed() && !runId.startsWith(mark) ? runId : mark + JSON.stringify(runId);
}

export function runIdOfKey(key: string): string {
  if (!key.startsWith(mark)) return key;
  try {
    return String(JSON.parse(key.slice(mark.length)));
  } catch {
    // A damaged one is no run's, and must not fail the answer about the others.
    return key;
  }
}
