import { postgresFailure, sqlState } from './postgres-failure.ts';
import type { PostgresPool, PostgresResult, PostgresStatement, PostgresValue } from './pool.ts';
import type { Row } from './row.ts';

/** Performs one statement in a transaction, and returns its rows. */
export type TransactionQuery = (text: string, values?: readonly PostgresValue[]) => Promise<Row[]>;

/** Performs a statement of another library in a transaction. The application's parsers read its result. */
export type ForeignQuery = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

/** Performs statements, in a transaction or not. */
export type Querying = Pick<Connection, 'query' | 'schema'>;

/** The connection of a store to its database. */
export interface Connection {
  readonly pool: PostgresPool;
  /** The quoted name of the schema, to be placed before the name of a table. */
  readonly schema: string;
  /** Resolves when the tables exist. `query` and `transaction` wait for that themselves. */
  ready(): Promise<void>;
  /**
   * Performs one statement, in one round trip.
   *
   * @param action The purpose of the statement, for messages of errors: “The store could not …”.
   * @throws StoreError `unavailable` if the failure may be transient
   */
  query(action: string, text: string, values?: readonly PostgresValue[]): Promise<Row[]>;
  /**
   * Performs `work` in one transaction. If `work` throws, the transaction is rolled back and the error is thrown.
   *
   * @throws StoreError `unavailable` if the failure may be transient
   */
  transaction<T>(
    action: string,
    work: (query: TransactionQuery, foreign: ForeignQuery) => Promise<T>,
  ): Promise<T>;
}

/**
 * The time after which a statement without a result fails, in milliseconds. Without it, `pg` waits forever if the
 * network loses the connection. It is shorter than the runner's own limit, which does not close the connection.
 */
const queryTimeoutMs = 20_000;

/** The application may have changed the parsers of its Pool or of `pg`. All values of a result are texts. */
const types = { getTypeParser: () => String };

/** A statement in the form in which `pg` takes it. */
export function statement(text: string, values: readonly PostgresValue[] = []): PostgresStatement {
  return { text, values: [...values], types, query_timeout: queryTimeoutMs };
}

/**
 * @param schema The quoted name of the schema.
 * @param prepare Called before the first statement, and again if it has failed. It creates the tables.
 */
export function connection(
  pool: PostgresPool,
  schema: string,
  prepare: (pool: PostgresPool) => Promise<void>,
): Connection {
  let prepared: Promise<void> | undefined;

  /** Prepares the database once. A failure is not remembered, because the next attempt may succeed. */
  async function ready(): Promise<void> {
    prepared ??= prepare(pool).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  return {
    pool,
    schema,
    ready,
    query: async (action, text, values) => {
      try {
        await ready();
        return rowsOf(await pool.query(statement(text, values)));
      } catch (error) {
        throw postgresFailure(error, action);
      }
    },
    transaction: async (action, work) => {
      try {
        await ready();
        return await inTransaction(pool, work);
      } catch (error) {
        throw postgresFailure(error, action);
      }
    },
  };
}

/** The rows of a result, whose values are all texts. */
export function rowsOf({ rows = [] }: PostgresResult): Row[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row ?? {})));
}

/**
 * The time after which the server ends a transaction whose process sends no statement, in milliseconds. A process that
 * was suspended, or has lost its network, would otherwise keep its locks, and stop the work of all others.
 */
const idleTimeoutMs = 5_000;
const begin = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${idleTimeoutMs}`;

/** Performs `work` in a transaction. After an error of the connection, the connection is closed. */
export async function inTransaction<T>(
  pool: PostgresPool,
  work: (query: TransactionQuery, foreign: ForeignQuery) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // Without a listener, a connection that breaks between two statements would end the process.
  let broken: Error | undefined;
  const noteError = (error: Error): void => {
    broken = error;
  };
  client.on('error', noteError);
  const perform = async (what: PostgresStatement): Promise<PostgresResult> => {
    try {
      return await client.query(what);
    } catch (error) {
      if (error instanceof Error && sqlState(error) === undefined) broken ??= error;
      throw error;
    }
  };
  const query: TransactionQuery = async (text, values) => rowsOf(await perform(statement(text, values)));
  const foreign: ForeignQuery = async (text, values = []) => {
    const { rows = [] } = await perform({ text, values, query_timeout: queryTimeoutMs });
    return { rows: rows.map((row) => Object.fromEntries(Object.entries(row ?? {}))) };
  };
  try {
    await query(begin);
    const result = await work(query, foreign);
    await query('COMMIT');
    return result;
  } catch (error) {
    if (broken === undefined) await query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.removeListener('error', noteError);
    client.release(broken);
  }
}
