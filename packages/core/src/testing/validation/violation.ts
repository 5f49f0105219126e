import type { JsonValue } from '../../wire/json.ts';

/** The reason for which the API refuses a schema. */
export interface SchemaViolation {
  /** The keywords and names from the root to the violation. */
  readonly path: readonly string[];
  /** The API's text after "Invalid schema for function 'f': " or "Invalid schema for response_format 'f': ". */
  readonly message: string;
}

/** A violation at a place in the schema. */
export function at(path: readonly string[], what: string): SchemaViolation {
  return { path, message: `In context=${pythonTuple(path)}, ${what}` };
}

/** A path as a Python tuple, as the API prints it: `()`, `('items',)`, `('properties', 'p')`. */
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
