import type { JsonValue } from '../../wire/json.ts';

/** Why the API refuses a schema. */
export interface SchemaViolation {
  /** Where: the keywords and names that lead there from the root. */
  readonly path: readonly string[];
  /** What the API says after "Invalid schema for function 'f': " or "Invalid schema for response_format 'f': ". */
  readonly message: string;
}

/** A violation at a place in the schema. */
export function at(path: readonly string[], what: string): SchemaViolation {
  return { path, message: `In context=${pythonTuple(path)}, ${what}` };
}

/** The API prints places as Python does: `()`, `('items',)`, `('properties', 'p')`. */
export function pythonTuple(path: readonly string[]): string {
  return `(${path.map(pythonText).join(', ')}${path.length === 1 ? ',' : ''})`;
}

/** A value as Python prints it. */
export function pythonText(value: JsonValue | undefined): string {
  if (typeof value !== 'string')
    return value === true ? 'True' : value === false ? 'False' : JSON.stringify(value ?? null);
  return value.includes("'") && !value.includes('"')
    ? `"${value}"`
    : `'${value.replaceAll("'", String.raw`\'`)}'`;
}
