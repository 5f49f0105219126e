/** What may be undefined, as fields that are there or not: JSON knows no undefined, and `'error' in view` must mean something. */
export type Defined<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

/**
 * The fields that have a value.
 *
 * @example { type: 'run.ended', ...defined({ output, error }) }
 */
export function defined<Fields extends object>(fields: Fields): Defined<Fields>;
export function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
