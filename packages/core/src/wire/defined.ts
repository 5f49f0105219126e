/**
 * Fields that may be undefined, as optional fields. JSON cannot represent undefined, and `'error' in view` must be
 * meaningful.
 */
export type Defined<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

/**
 * Returns the fields that have a value.
 *
 * @example { type: 'run.ended', ...defined({ output, error }) }
 */
export function defined<Fields extends object>(fields: Fields): Defined<Fields>;
export function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
