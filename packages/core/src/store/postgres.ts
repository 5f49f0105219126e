import process from 'node:process';
import type { StoredItem } from '../engine/stored-item.ts';
import { hasMethods, mustBe, mustBeOptions } from '../errors/must-be.ts';
import { messageReader } from './message-reader.ts';
import { commitRun } from './postgres/commit-run.ts';
import { claimTable } from './postgres/claim-table.ts';
import { connection } from './postgres/connection.ts';
import { postMessage, readMessages } from './postgres/inbox-table.ts';
import { setInternals } from './postgres/store-connection.ts';
import type { LiveChannel } from './postgres/live-channel.ts';
import { isSchemaName, migrate, schemaName } from './postgres/migrate.ts';
import type { PostgresPool } from './postgres/pool.ts';
import { storeNotices } from './postgres/notices/store-notices.ts';
import { renewalThread } from './postgres/renewal-thread.ts';
import { renewing } from './postgres/renewing.ts';
import {
  deleteRun,
  listRuns,
  loadEarlier,
  loadRecent,
  loadRun,
  type RecentRun,
} from './postgres/run-table.ts';
import { textKey } from './postgres/text-key.ts';
import { listThreadRuns, listThreads } from './postgres/thread-table.ts';
import { rememberWebhook, runOfResponse, takeWebhooks } from './postgres/webhook-table.ts';
import type { RunStore } from './run-store.ts';

export type { LiveChannel } from './postgres/live-channel.ts';
export type { PostgresPool } from './postgres/pool.ts';
export type { RecentRun } from './postgres/run-table.ts';

export interface PostgresStoreOptions {
  /** A `Pool` of `pg`. `close` does not end it. */
  readonly database: PostgresPool;
  /**
   * The schema of the store's tables. It is created if it does not exist.
   *
   * @default 'longhaul'
   */
  readonly schema?: string;
  /**
   * A `Pool` with a direct connection to the same database, if `database` connects through a pooler that shares
   * connections (PgBouncer in transaction mode). Only its options are used, for the one connection that receives
   * notices.
   *
   * @default database
   */
  readonly directDatabase?: PostgresPool;
  /**
   * Transports notices and live text between processes, instead of LISTEN and NOTIFY. For more than about 200 messages a
   * second, and for databases without LISTEN.
   *
   * @default LISTEN and NOTIFY
   */
  readonly liveChannel?: LiveChannel;
}

/** A `RunStore` with all optional methods. It must be closed. */
export interface PostgresStore extends Required<RunStore>, AsyncDisposable {
  /** The Pool that the store was created with. */
  readonly database: PostgresPool;
  /** The name of the schema of the store's tables. */
  readonly schema: string;
  /**
   * Loads the head of a run, and only the newest items: those of the commits of its last two iterations. `omitted` is the
   * number of items before them, which {@link loadEarlier} loads. The cost does not grow with the run.
   */
  loadRecent(runId: string): Promise<RecentRun | undefined>;
  /**
   * Loads the items that `loadRecent` has omitted. The run may have been saved in the meantime. Returns undefined if it
   * was deleted.
   */
  loadEarlier(recent: Pick<RecentRun, 'head' | 'omitted'>): Promise<StoredItem[] | undefined>;
  /** Ends the connection for notices. The Pool stays open. Closing again does nothing. */
  close(): Promise<void>;
}

function checkOptions(options: PostgresStoreOptions): void {
  const kinds = { database: 'any', schema: 'string', directDatabase: 'any', liveChannel: 'any' } as const;
  mustBeOptions(options, 'postgresStore', kinds);
  const { database, directDatabase = database, liveChannel, schema = 'longhaul' } = options;
  const isPool = (value: unknown): boolean =>
    hasMethods(value, ['query', 'connect', 'on']) && !('connectionParameters' in Object(value));
  mustBe(isPool(database), 'postgresStore', 'database', 'a Pool of `pg`');
  mustBe(isPool(directDatabase), 'postgresStore', 'directDatabase', 'a Pool of `pg`');
  const isChannel = liveChannel === undefined || hasMethods(liveChannel, ['publish', 'subscribe']);
  mustBe(isChannel, 'postgresStore', 'liveChannel', 'an object with `publish` and `subscribe`');
  const what = 'a name of 1 to 63 bytes that does not begin with `pg_`';
  mustBe(isSchemaName(schema), 'postgresStore', 'schema', what);
}

const surviving = new WeakSet<PostgresPool>();

/**
 * An idle connection that breaks is replaced by the next query. Without a listener for its error, it would end the
 * process. Several stores of one Pool need one listener.
 */
function surviveIdleErrors(pool: PostgresPool): void {
  if (surviving.has(pool)) return;
  surviving.add(pool);
  pool.on('error', () => undefined);
  // Between two users of a connection, its Pool does not listen to it.
  pool.on('connect', (client) => client.on('error', () => undefined));
}

/**
 * Stores runs in a PostgreSQL database (version 13 or later), through a `Pool` of `pg` 8. The processes of several
 * machines may share it. The first call creates the tables in `schema`, or migrates them.
 *
 * A save is one statement and one round trip. Claims expire by the clock of the database. If other code blocks the event
 * loop, a thread with a connection of its own renews the claims of this process, for up to five minutes. There is no
 * thread if an option of the Pool is a function, such as `password`: the first claim then prints a warning.
 *
 * The first `watch`, which each runner calls, opens one connection outside the Pool, with the options of the Pool. It
 * receives notices and streamed text of other processes (LISTEN). It is opened again when it breaks, and does not keep
 * the process alive. While it is missing, the store queries the runs of this process once a second. Notices are sent
 * with NOTIFY, outside saves, and at most 200 messages a second.
 *
 * Give the Pool `connectionTimeoutMillis` and `keepAlive: true`: without them, `pg` waits for a server that does not
 * answer until the system ends the connection. The store itself limits each statement to 20 s. It listens for errors of
 * the Pool's idle connections, which would otherwise end the process.
 *
 * A failure that may be transient rejects a call with `StoreError` `unavailable`. If a newer version of Longhaul has
 * migrated the schema, calls reject with `SnapshotError` `newer_snapshot`.
 *
 * @throws ConfigurationError for an invalid option
 * @example
 * import { postgresStore } from '@longhaul/core/store/postgres';
 * import { Pool } from 'pg';
 *
 * const database = new Pool({ connectionString, connectionTimeoutMillis: 10_000, keepAlive: true });
 * const store = postgresStore({ database });
 * const runner = createRunner({ client, agents: [agent], store });
 * await runner.resumeAll();
 * // When the process ends:
 * await runner.close();
 * await store.close();
 * await database.end();
 */
export function postgresStore(options: PostgresStoreOptions): PostgresStore {
  checkOptions(options);
  const { database, directDatabase: direct = database, liveChannel, schema = 'longhaul' } = options;
  const name = schemaName(schema);
  const connected = connection(database, name.quoted, (pool) => migrate(pool, name));
  const claims = claimTable(connected);
  const { look } = claims;
  const notices = storeNotices({ connection: connected, direct, schema, liveChannel, look });
  const { notify, watch } = notices;
  const read = messageReader(`Schema ${schema}`, (text) => process.emitWarning(text, 'LonghaulWarning'));
  surviveIdleErrors(database);

  const thread = renewalThread(database);
  const text = renewing(name.quoted);
  const renewed = (owner: string, ttlMs: number): void =>
    thread.renewed({ key: `claims ${owner}`, text, values: [textKey(owner), ttlMs], ttlMs });
  const close = async (): Promise<void> => {
    await Promise.all([notices.close(), thread.close()]);
  };
  const store: PostgresStore = {
    database,
    schema,
    load: (runId) => {
      notices.read([runId]);
      return loadRun(connected, runId);
    },
    loadRecent: (runId) => loadRecent(connected, runId),
    loadEarlier: (recent) => loadEarlier(connected, recent),
    commit: async (change) => {
      await commitRun(connected, change);
      notify({ type: 'saved', runId: change.runId });
    },
    list: async (filter) => listRuns(connected, filter),
    listThreadRuns: async (threadId) => listThreadRuns(connected, threadId),
    listThreads: async (filter) => listThreads(connected, filter),
    delete: async (runId) => {
      await deleteRun(connected, runId);
      notify({ type: 'saved', runId });
    },
    claim: async (runId, owner, ttlMs) => {
      const isGranted = await claims.claim(runId, owner, ttlMs);
      if (isGranted) renewed(owner, ttlMs);
      return isGranted;
    },
    release: async (runId, owner) => {
      if (await claims.release(runId, owner)) notify({ type: 'released', runId });
    },
    renew: async (owner, ttlMs) => {
      const held = await claims.renew(owner, ttlMs);
      if (held.length > 0) renewed(owner, ttlMs);
      return held;
    },
    look: (runIds) => {
      notices.read(runIds);
      return look(runIds);
    },
    undriven: claims.undriven,
    post: async (runId, message) => {
      await postMessage(connected, runId, message);
      notify({ type: 'posted', runId });
    },
    receive: async (runId) => read(runId, await readMessages(connected, runId)),
    findByResponse: (responseId) => runOfResponse(connected, responseId),
    rememberWebhook: (responseId) => rememberWebhook(connected, responseId),
    takeWebhook: async (responseId) => (await takeWebhooks(connected, [responseId])).size > 0,
    watch,
    publish: (runId, message) => notify({ type: 'live', runId, message }),
    close,
    [Symbol.asyncDispose]: close,
  };
  setInternals(store, { connection: connected, notices, renewals: thread });
  return store;
}
