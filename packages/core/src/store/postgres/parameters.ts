import type { PostgresValue } from './pool.ts';

/** The values of a statement's parameters, in the order in which they are added. */
export class Parameters {
  readonly values: PostgresValue[] = [];

  /** Adds a value. @returns its place in the statement, such as `$3` */
  add(value: PostgresValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
