import { hasMethods, isObject } from '../../../errors/must-be.ts';
import type { PostgresPool, PostgresResult, PostgresStatement } from '../pool.ts';

/** A message of a channel on which the client listens. */
interface Notification {
  readonly channel: string;
  readonly payload?: string | undefined;
}

/** A connection outside the Pool. `Client` of `pg` has these methods. */
export interface ListenClient {
  connect(): Promise<unknown>;
  query(statement: PostgresStatement): Promise<PostgresResult>;
  on(event: 'notification', listener: (message: Notification) => void): unknown;
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown;
  end(): Promise<unknown>;
  /** Without it, the connection keeps the process alive. */
  unref?(): void;
}

/** After this time without a connection, an attempt to connect fails, in milliseconds. */
const connectTimeoutMs = 10_000;

/**
 * Creates a client with the options of a Pool. A client of the Pool itself would be missing there for as long as the
 * store listens, and would delay `pool.end()`.
 *
 * @param name The name of the connection in `pg_stat_activity`.
 * @throws if the Pool does not have the options and the class of its clients, as those of `pg` have
 */
export function newListenClient(pool: PostgresPool, name: string): ListenClient {
  const [options, constructor]: [unknown, unknown] = [
    Reflect.get(pool, 'options'),
    Reflect.get(pool, 'Client'),
  ];
  if (!isObject(options) || typeof constructor !== 'function')
    throw new Error(
      'The Pool has no `options` and `Client`, so the store cannot connect to receive notices.',
    );
  const client: unknown = Reflect.construct(constructor, [
    {
      ...options,
      connectionTimeoutMillis: Reflect.get(options, 'connectionTimeoutMillis') || connectTimeoutMs,
      // A Pool hides this field from copies.
      password: Reflect.get(options, 'password'),
      keepAlive: true,
      application_name: name,
    },
  ]);
  if (!isListenClient(client)) throw new Error('The `Client` of the Pool is not a client of `pg`.');
  return client;
}

function isListenClient(client: unknown): client is ListenClient {
  return hasMethods(client, ['connect', 'query', 'on', 'end']);
}
