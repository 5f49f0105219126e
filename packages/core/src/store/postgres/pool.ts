/** A value of a statement's parameter. */
export type PostgresValue = string | number | boolean | null | readonly (string | null)[];

/** A statement, in the form in which `pg` takes it. */
export interface PostgresStatement {
  text: string;
  values: unknown[];
  /** Parses the values of the result, instead of the parsers of the application. */
  types?: { getTypeParser: () => (value: string) => string };
  /** After this time without a result, in milliseconds, `pg` closes the connection. */
  query_timeout: number;
}

export interface PostgresResult {
  /** Undefined for a text of several statements, whose result is an array. */
  readonly rows?: unknown[];
}

/** A connection of a Pool. `Client` of `pg` has these methods. */
export interface PostgresClient {
  query(statement: PostgresStatement): Promise<PostgresResult>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  /** An error, or true, closes the connection. */
  release(error?: Error | boolean): void;
}

/** The part of a `Pool` of `pg` that a store uses. A Pool of `pg` 8 has this type. */
export interface PostgresPool {
  query(statement: PostgresStatement): Promise<PostgresResult>;
  connect(): Promise<PostgresClient>;
  on(event: 'connect', listener: (client: PostgresClient) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}
