import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';

type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * A statement whose rows the functions below read. A damaged row throws nothing, so that it does not fail the rows beside
 * it: a text that is none is read as empty, a number that is none as NaN. The reader of the column decides what that means.
 */
export function prepare(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  // Else one whole number that is too large for JavaScript fails the query, and all rows with it.
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

/** The same where a column may hold nothing. */
export function optionalTextOf(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

export function optionalNumberOf(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : numberOf(row, column);
}
