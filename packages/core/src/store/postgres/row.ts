import { textOfKey } from './text-key.ts';

/**
 * A row of a result. All values are text, because the store parses them itself: the parsers of the application may be
 * changed. A Pool may also ask for binary results, in which only text is readable, so statements cast other types.
 */
export type Row = Readonly<Record<string, string | null>>;

/** A column of texts that were stored with `textKey`. */
export function textOf(row: Row, column: string): string {
  return textOfKey(row[column] ?? '');
}

export function optionalTextOf(row: Row, column: string): string | undefined {
  const value = row[column] ?? undefined;
  return value === undefined ? undefined : textOfKey(value);
}

/** A column of JSON, or of another text that needs no `textKey`. */
export function rawTextOf(row: Row, column: string): string {
  return row[column] ?? '';
}

export function numberOf(row: Row, column: string): number {
  return Number(row[column] ?? Number.NaN);
}

export function optionalNumberOf(row: Row, column: string): number | undefined {
  const value = row[column] ?? undefined;
  return value === undefined ? undefined : Number(value);
}

/** A column of a boolean as text. NULL counts as false. */
export function isTrue(row: Row, column: string): boolean {
  return row[column] === 'true';
}
