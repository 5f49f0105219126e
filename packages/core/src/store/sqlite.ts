import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { checkRevision } from './check-revision.ts';
import type { StoredItem } from '../engine/stored-item.ts';
import type { InboxMessage, RunHead, RunSnapshot, RunStore } from './run-store.ts';
import { numberOf, textOf } from './sqlite/column.ts';
import { listQuery } from './sqlite/list-query.ts';
import { openDatabase } from './sqlite/open-database.ts';
import { sqliteFailure } from './sqlite/sqlite-failure.ts';

export interface SqliteStoreOptions {
  /** The database file; made where it does not exist. `:memory:` for one that is gone with the process. */
  readonly path: string;
  /**
   * How long a call waits, and blocks its process, while another process writes, in milliseconds. Then it fails with
   * `StoreError` `unavailable`, which driving tries again.
   *
   * @default 1000
   */
  readonly busyTimeoutMs?: number;
  /**
   * `full`: a save is on the disk when it resolves, so that it outlives a power failure. `normal` is faster and
   * outlives the death of the process, but may lose the last saves when the machine goes down: a tool that ran may
   * then run again. The database stays intact either way.
   *
   * @default 'full'
   */
  readonly synchronous?: 'full' | 'normal';
  /** By which claims run out. Processes that share a file need clocks that agree. @default the machine's clock */
  readonly clock?: Clock;
}

/** A `RunStore` with claims and an inbox that must be closed. */
export interface SqliteStore extends Required<Omit<RunStore, 'watch' | 'publish'>>, Disposable {
  /** Closes the file. Close the runner first: what it still saves fails. Closing again does nothing. */
  close(): void;
}

/**
 * Keeps runs in one SQLite file, by Node's own `node:sqlite`: they survive the process, and several processes of one
 * machine may share them. Not for network file systems, where SQLite's locks do not hold.
 *
 * @throws StoreError `unavailable` where the file cannot be opened, `SnapshotError` where a newer version made it,
 * `ConfigurationError` where it is another application's.
 * @example
 * import { sqliteStore } from '@longhaul/core/store/sqlite';
 *
 * using store = sqliteStore({ path: 'runs.db' });
 * const runner = createRunner({ client, agents: [agent], store });
 * await runner.resumeAll();
 */
export function sqliteStore({
  path,
  busyTimeoutMs = 1_000,
  synchronous = 'full',
  clock = systemClock,
}: SqliteStoreOptions): SqliteStore {
  const attempt = <T>(action: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw sqliteFailure(error, action, path);
    }
  };
  const database = attempt('open its file', () => openDatabase({ path, busyTimeoutMs, synchronous }));

  const selectHead = database.prepare('SELECT created_at, revision, commit_id FROM runs WHERE run_id = ?');
  const upsertRun = database.prepare(
    `INSERT INTO runs (run_id, agent, status, created_at, revision, commit_id, head) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id) DO UPDATE
     SET status = excluded.status, revision = excluded.revision, commit_id = excluded.commit_id, head = excluded.head`,
  );
  const insertItems = database.prepare('INSERT INTO items (run_id, revision, items) VALUES (?, ?, ?)');
  // One statement sees one moment: a save between the head and the items would tear them apart.
  const selectRun = database.prepare(
    `SELECT -1 AS position, head AS json FROM runs WHERE run_id = ?
     UNION ALL SELECT revision, items FROM items WHERE run_id = ? ORDER BY position`,
  );
  const upsertClaim = database.prepare(
    `INSERT INTO claims (run_id, owner, until) VALUES (?, ?, ?) ON CONFLICT (run_id) DO UPDATE
     SET owner = excluded.owner, until = excluded.until WHERE owner = excluded.owner OR until <= ?`,
  );
  const deleteClaim = database.prepare('DELETE FROM claims WHERE run_id = ? AND owner = ?');
  const insertMessage = database.prepare('INSERT INTO inbox (run_id, message) VALUES (?, ?)');
  const findMessage = database.prepare('SELECT 1 FROM inbox WHERE run_id = ? LIMIT 1');
  const takeMessages = database.prepare('DELETE FROM inbox WHERE run_id = ? RETURNING id, message');
  const deletes = ['runs', 'items', 'claims', 'inbox'].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE run_id = ?`),
  );

  /** Takes the write lock before the first read: what was read is still so when it is written. */
  function transact(work: () => void): void {
    database.exec('BEGIN IMMEDIATE');
    try {
      work();
      database.exec('COMMIT');
    } catch (error) {
      rollBack(database);
      throw error;
    }
  }

  /** For claims: no process outlives the machine to need one, and a renewal every few seconds is not worth the wait. */
  function unsynced<T>(work: () => T): T {
    if (synchronous !== 'full') return work();
    database.exec('PRAGMA synchronous = normal');
    try {
      return work();
    } finally {
      database.exec('PRAGMA synchronous = full');
    }
  }

  let open = true;
  const close = (): void => {
    if (open) database.close();
    open = false;
  };

  return {
    load: async (runId) =>
      attempt(`load run ${runId}`, (): RunSnapshot | undefined => {
        const [head, ...appended] = selectRun.all(runId, runId).map((row) => textOf(row, 'json'));
        if (head === undefined) return undefined;
        return {
          head: JSON.parse(head),
          items: appended.flatMap((items): StoredItem[] => JSON.parse(items)),
        };
      }),

    commit: async (change) =>
      attempt(`save run ${change.runId}`, () => {
        const { append, commitId, head, revision, runId } = change;
        const { agent, createdAt, status } = head;
        transact(() => {
          const row = selectHead.get(runId);
          const stored = row && { revision: numberOf(row, 'revision'), commitId: textOf(row, 'commit_id') };
          if (!checkRevision(stored, change)) return;
          upsertRun.run(runId, agent, status, createdAt, revision, commitId, JSON.stringify(head));
          if (append.length > 0) insertItems.run(runId, revision, JSON.stringify(append));
        });
      }),

    list: async (filter = {}) =>
      attempt('list runs', () => {
        const { after } = filter;
        const row = after === undefined ? undefined : selectHead.get(after);
        // A cursor that is gone ends the list: starting over would make a paging loop endless (I9).
        if (after !== undefined && row === undefined) return [];
        const { sql, values } = listQuery(filter, row && numberOf(row, 'created_at'));
        return database
          .prepare(sql)
          .all(...values)
          .map((found): RunHead => JSON.parse(textOf(found, 'head')));
      }),

    delete: async (runId) =>
      attempt(`delete run ${runId}`, () => {
        transact(() => {
          for (const statement of deletes) statement.run(runId);
        });
      }),

    claim: async (runId, owner, ttlMs) =>
      attempt(`claim run ${runId}`, () => {
        const now = clock.now();
        return unsynced(() => upsertClaim.run(runId, owner, now + ttlMs, now).changes > 0);
      }),

    release: async (runId, owner) =>
      attempt(`release run ${runId}`, () => {
        unsynced(() => deleteClaim.run(runId, owner));
      }),

    post: async (runId, message) =>
      attempt(`post to run ${runId}`, () => {
        insertMessage.run(runId, JSON.stringify(message));
      }),

    receive: async (runId) =>
      attempt(`receive for run ${runId}`, () => {
        // Asked without a lock first: an inbox is nearly always empty, and a DELETE would wait for other writers.
        if (findMessage.get(runId) === undefined) return [];
        return takeMessages
          .all(runId)
          .toSorted((a, b) => numberOf(a, 'id') - numberOf(b, 'id'))
          .map((row): InboxMessage => JSON.parse(textOf(row, 'message')));
      }),

    close,
    [Symbol.dispose]: close,
  };
}

/** Some failures have rolled it back already, and a second ROLLBACK would hide them behind an error of its own. */
function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // Nothing was open.
  }
}
