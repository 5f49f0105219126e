/** Prints rows as a Markdown table: columns by the keys of the first row. */
export function printTable(title: string, rows: readonly Readonly<Record<string, string>>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, index) => (index === 0 ? `:${'-'.repeat(width + 1)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const body = rows.map((row) => line(columns.map((column) => row[column] ?? '')));
  console.log([`\n${title}\n`, line(columns), rule, ...body].join('\n'));
}

const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export function number(value: number): string {
  return plain.format(value);
}

export function ratio(value: number): string {
  return `${value.toFixed(2)}×`;
}
