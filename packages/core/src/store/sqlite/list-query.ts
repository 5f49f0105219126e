import type { RunFilter } from '../run-store.ts';

/**
 * The statement for `list`, and its values. Indices provide the order and, if requested, the status.
 *
 * @param afterCreatedAt `createdAt` of the run with the id `after`
 */
export function listQuery(
  { after, agent, limit, status }: RunFilter,
  afterCreatedAt: number | undefined,
): { readonly sql: string; readonly values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  if (agent !== undefined) {
    conditions.push('agent = ?');
    values.push(agent);
  }
  if (status !== undefined) {
    // Without duplicates, because the number of values of a statement is limited.
    const statuses = typeof status === 'string' ? [status] : [...new Set(status)];
    conditions.push(`status IN (${statuses.map(() => '?').join(', ')})`);
    values.push(...statuses);
  }
  if (after !== undefined && afterCreatedAt !== undefined) {
    conditions.push('(created_at < ? OR (created_at = ? AND run_id > ?))');
    values.push(afterCreatedAt, afterCreatedAt, after);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  // In SQLite, a negative limit means no limit.
  values.push(limit ?? -1);
  return {
    sql: `SELECT run_id, agent, status, created_at, revision, commit_id, head FROM runs ${where} ORDER BY created_at DESC, run_id LIMIT ?`,
    values,
  };
}
