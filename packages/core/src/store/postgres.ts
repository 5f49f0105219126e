import process from 'node:process';
import { hasMethods, mustBe, mustBeOptions } from '../errors/must-be.ts';
import { messageReader } from './message-reader.ts';
import { commitRun } from './postgres/commit-run.ts';
import { claimTable } from './postgres/claim-table.ts';
import { connection } from './postgres/connection.ts';
import { postMessage, readMessages } from './postgres/inbox-table.ts';
import { isSchemaName, migrate, schemaName } from './postgres/migrate.ts';
import type { PostgresPool } from './postgres/pool.ts';
import { deleteRun, listRuns, loadRun } from './postgres/run-table.ts';
import { setStoreParts } from './postgres/store-connection.ts';
import { listThreadRuns, listThreads } from './postgres/thread-table.ts';
import { rememberWebhook, runOfResponse, takeWebhook } from './postgres/webhook-table.ts';
import type { RunNotice, RunStore } from './run-store.ts';
import { storeListeners } from './store-listeners.ts';

export interface PostgresStoreOptions {
  /** A `Pool` of `pg`. The store does not end it. */
  readonly database: PostgresPool;
  /**
   * The schema of the store's tables. It is created if it does not exist.
   *
   * @default 'longhaul'
   */
  readonly schema?: string;
}

/** A `RunStore` with all optional methods. It must be closed. */
export interface PostgresStore extends Required<RunStore>, AsyncDisposable {
  /** The Pool that the store was created with. */
  readonly database: PostgresPool;
  /** The name of the schema of the store's tables. */
  readonly schema: string;
  /** Ends the connection for notices. The Pool stays open. Closing again does nothing. */
  close(): Promise<void>;
}

function checkOptions(options: PostgresStoreOptions): void {
  mustBeOptions(options, 'postgresStore', { database: 'any', schema: 'string' });
  const { database, schema = 'longhaul' } = options;
  mustBe(hasMethods(database, ['query', 'connect', 'on']), 'postgresStore', 'database', 'a Pool of `pg`');
  const what = 'a name of 1 to 63 bytes that does not begin with `pg_`';
  mustBe(isSchemaName(schema), 'postgresStore', 'schema', what);
}

export function postgresStore(options: PostgresStoreOptions): PostgresStore {
  checkOptions(options);
  const { database, schema = 'longhaul' } = options;
  const name = schemaName(schema);
  const { notify, watch } = storeListeners();
  const connected = connection(database, name.quoted, (pool) => migrate(pool, name));
  const claims = claimTable(connected);
  const read = messageReader(`Schema ${schema}`, (text) => process.emitWarning(text, 'LonghaulWarning'));
  // An idle connection that breaks is replaced by the next query. Without a listener, it would end the process.
  database.on('error', () => undefined);

  function changed(type: 'saved' | 'posted' | 'released', runId: string): void {
    const notice: RunNotice = { type, runId };
    notify(notice);
  }

  const close = async (): Promise<void> => undefined;
  const store: PostgresStore = {
    database,
    schema,
    load: (runId) => loadRun(connected, runId),
    commit: async (change) => {
      await commitRun(connected, change);
      changed('saved', change.runId);
    },
    list: async (filter) => listRuns(connected, filter),
    listThreadRuns: async (threadId) => listThreadRuns(connected, threadId),
    listThreads: async (filter) => listThreads(connected, filter),
    delete: async (runId) => {
      await deleteRun(connected, runId);
      changed('saved', runId);
    },
    claim: claims.claim,
    release: async (runId, owner) => {
      if (await claims.release(runId, owner)) changed('released', runId);
    },
    renew: claims.renew,
    look: claims.look,
    undriven: claims.undriven,
    post: async (runId, message) => {
      await postMessage(connected, runId, message);
      changed('posted', runId);
    },
    receive: async (runId) => read(runId, await readMessages(connected, runId)),
    findByResponse: (responseId) => runOfResponse(connected, responseId),
    rememberWebhook: (responseId) => rememberWebhook(connected, responseId),
    takeWebhook: (responseId) => takeWebhook(connected, responseId),
    watch,
    publish: (runId, message) => notify({ type: 'live', runId, message }),
    close,
    [Symbol.asyncDispose]: close,
  };
  setStoreParts(store, { connection: connected, notify });
  return store;
}
