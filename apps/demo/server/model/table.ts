import * as v from 'valibot';
import type { Turn } from './turn.ts';

const cell = v.union([v.string(), v.number(), v.null()]);
const tableSchema = v.object({ columns: v.array(v.string()), rows: v.array(v.array(cell)) });

export type Row = Readonly<Record<string, string | number | null>>;

/**
 * Returns the rows of the nth successful query of this turn, counted from 0, by column name. Empty if there is no such
 * query, or it returned no rows.
 *
 * @param tool The tool that queries: in the page, or on the server
 */
export function rowsOf(
  turn: Turn,
  nth: number,
  tool: 'query_data' | 'query_orders' = 'query_data',
): readonly Row[] {
  const tables = turn.outputs(tool).flatMap(({ json }) => {
    const parsed = v.safeParse(tableSchema, json);
    return parsed.success ? [parsed.output] : [];
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

/** Returns the result of the nth `calculate` of this turn, counted from 0. 0 if it has no result. */
export function resultOf(turn: Turn, nth: number): number {
  const json = turn.outputs('calculate').at(nth)?.json;
  const parsed = v.safeParse(v.object({ result: v.number() }), json);
  return parsed.success ? parsed.output.result : 0;
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
