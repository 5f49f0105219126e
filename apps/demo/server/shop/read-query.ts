import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** The number of rows of the result, or 1,000 if there are more. `rows` contains the first 60. */
  readonly rowCount: number;
}

const mostRows = 60;
const mostCounted = 1_000;
const longestText = 300;

function shown(value: SQLOutputValue | undefined): string | number | null {
  if (value === undefined || value === null || typeof value === 'number') return value ?? null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return value.slice(0, longestText);
  return `${value.length} bytes`;
}

/**
 * Returns the first rows of one SELECT statement.
 *
 * A model writes the SQL, so it may be hostile. As a subquery it can only be a SELECT: `ATTACH` would open the files of
 * other visitors' runs, and also works with a connection that is read-only. Only the first statement is executed.
 *
 * @throws Error if the text is not a SELECT, or if the query fails
 */
export function readQuery(database: DatabaseSync, sql: string): QueryResult {
  const query = sql.trim().replace(/;\s*$/, '');
  const statement = database.prepare(`SELECT * FROM (\n${query}\n) LIMIT ${mostCounted}`);
  const columns = statement.columns().map(({ name }) => name);
  const rows: (string | number | null)[][] = [];
  let rowCount = 0;
  try {
    for (const row of statement.iterate()) {
      rowCount += 1;
      if (rowCount <= mostRows) rows.push(columns.map((name) => shown(row[name])));
    }
  } catch (error) {
    // Node returns no row, and no error of its own, if a text is longer than the longest string of V8.
    if (error instanceof TypeError)
      throw new Error('The result has a text that is too long.', { cause: error });
    throw error;
  }
  return { columns, rows, rowCount };
}
