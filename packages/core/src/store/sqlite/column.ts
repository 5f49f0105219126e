import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';

type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * Prepares a statement whose rows the functions below read. A damaged row does not cause an error, so that it does not
 * affect other rows. A value that is not a text is read as an empty text, a value that is not a number as NaN. The
 * caller decides what that means.
 */
export function prepare(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  // Otherwise one integer that is too large for JavaScript fails the query, with all its rows.
  statement.setReadBigInts(true);
  return statement;
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : '';
}

export function numberOf(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}

/** The text of a column that may be NULL. */
export function optionalTextOf(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

export function optionalNumberOf(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : numberOf(row, column);
}
