import * as z from 'zod';
import type { Turn } from './turn.ts';

const cell = z.union([z.string(), z.number(), z.null()]);
const tableSchema = z.object({ columns: z.array(z.string()), rows: z.array(z.array(cell)) });

export type Row = Readonly<Record<string, string | number | null>>;

/** The rows that the nth successful query of this turn gave, by column name; empty where it gave none. */
export function rowsOf(turn: Turn, nth: number): readonly Row[] {
  const tables = turn.outputs('query_data').flatMap(({ json }) => {
    const parsed = tableSchema.safeParse(json);
    return parsed.success ? [parsed.data] : [];
  });
  const table = tables.at(nth);
  if (table === undefined) return [];
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, index) => [column, row[index] ?? null])),
  );
}

export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === 'number' ? value : 0;
}

/** What the nth `calculate` of this turn gave. */
export function resultOf(turn: Turn, nth: number): number {
  const json = turn.outputs('calculate').at(nth)?.json;
  const parsed = z.object({ result: z.number() }).safeParse(json);
  return parsed.success ? parsed.data.result : 0;
}

export const monthNames: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];

export function decimal(value: number, digits = 1): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
