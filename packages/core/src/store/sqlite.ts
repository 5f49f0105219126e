import { existsSync } from 'node:fs';
import process from 'node:process';
import type { Clock } from '../clock/clock.ts';
import { monotonicNow } from '../clock/elapsed.ts';
import { systemClock } from '../clock/system-clock.ts';
import { checkedFilter } from './checked-filter.ts';
import type { RunHead, RunStore } from './run-store.ts';
import { openConnection } from './sqlite/connection.ts';
import { runIdOfKey, runKey } from './sqlite/run-key.ts';
import { sqliteFailure } from './sqlite/sqlite-failure.ts';
import { messageReader } from './sqlite/stored-messages.ts';
import { listedHead, storedRun } from './sqlite/stored-run.ts';

export interface SqliteStoreOptions {
  /** The database file; made where it does not exist. `:memory:` for one that is gone with the process. */
  readonly path: string;
  /**
   * How long a call waits while another process writes, in milliseconds. Then it fails with `StoreError`
   * `unavailable`, which driving tries again. The event loop is not blocked meanwhile.
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
  /**
   * By which it is measured for how long another process has not renewed its claims: by `monotonic`, where it has
   * that. Processes that share a file need no clocks that agree. With a clock of your own, as in tests, there is no
   * thread: all that is done is done before such a clock moves on.
   *
   * @default the machine's clock
   */
  readonly clock?: Clock;
}

/** A `RunStore` with claims and an inbox that must be closed. */
export interface SqliteStore extends Required<Omit<RunStore, 'watch' | 'publish'>>, Disposable {
  /**
   * Closes the file, and returns when it is closed: what is being written just now is waited for, and resolves. Close
   * the runner first: what was not begun yet fails. Closing again does nothing.
   */
  close(): void;
}

/** Heads of a list that are taken apart in one turn of the event loop. */
const headsPerTurn = 100;

/**
 * Keeps runs in one SQLite file, by Node's own `node:sqlite`: they survive the process, and several processes of one
 * machine may share them. Not for network file systems, where SQLite's locks do not hold.
 *
 * A thread of its own reads and writes the file, so that the disk never blocks the event loop; saves of many runs that
 * come at once are written together. While the event loop is blocked by something else, that thread renews the claims
 * in its place, for up to five minutes. It does not keep the process alive. `:memory:` has
 * no thread.
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
  const { ask, close } = (() => {
    try {
      const file = clock === systemClock && isFile(path) ? threadFile() : undefined;
      return openConnection({ path, busyTimeoutMs, synchronous }, file);
    } catch (error) {
      throw sqliteFailure(error, 'open its file', path);
    }
  })();

  const readMessages = messageReader(path);

  return {
    load: async (runId) =>
      storedRun(runId, await ask(`load run ${runId}`, { type: 'load', runId: runKey(runId) })),

    commit: async ({ append, commitId, head, import: whole, received = [], revision, runId }) => {
      const { agent, createdAt, status } = head;
      const row = { runId: runKey(runId), agent, status, createdAt, revision, commitId };
      const items = append.length === 0 ? undefined : JSON.stringify(append);
      const text = { head: JSON.stringify(head), items };
      const change = { ...row, ...text, received, ...(whole && { import: whole }) };
      await ask(`save run ${runId}`, { type: 'commit', ...change });
    },

    list: async (given) => {
      const filter = checkedFilter(given);
      const { after } = filter;
      const by = after === undefined ? filter : { ...filter, after: runKey(after) };
      const heads: RunHead[] = [];
      for (const row of await ask('list runs', { type: 'list', filter: by })) {
        heads.push(listedHead(row));
        if (heads.length % headsPerTurn === 0) await nextTurn();
      }
      return heads;
    },

    delete: (runId) => ask(`delete run ${runId}`, { type: 'delete', runId: runKey(runId) }),

    claim: (runId, owner, ttlMs) => {
      const claim = { runId: runKey(runId), owner, ttlMs, nowMs: monotonicNow(clock) };
      return ask(`claim run ${runId}`, { type: 'claim', ...claim });
    },

    release: (runId, owner) => ask(`release run ${runId}`, { type: 'release', runId: runKey(runId), owner }),

    renew: async (owner, ttlMs) =>
      (await ask('renew claims', { type: 'renew', owner, ttlMs })).map(runIdOfKey),

    look: async (runIds) => {
      const asked = { runIds: runIds.map(runKey), nowMs: monotonicNow(clock) };
      const looks = await ask('look at runs', { type: 'look', ...asked });
      return looks.map((look) => ({ ...look, runId: runIdOfKey(look.runId) }));
    },

    post: (runId, message) =>
      ask(`post to run ${runId}`, { type: 'post', runId: runKey(runId), message: JSON.stringify(message) }),

    receive: async (runId) => {
      const rows = await ask(`receive for run ${runId}`, { type: 'receive', runId: runKey(runId) });
      return readMessages(runId, rows);
    },

    close,
    [Symbol.dispose]: close,
  };
}

/** Other threads cannot open what SQLite keeps in memory, or in a file that it names itself. */
function isFile(path: string): boolean {
  return path !== '' && !/:memory:|mode=memory/.test(path);
}

/** A list of thousands is not taken apart in one go. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** What the thread runs lies beside this file, in the package as in its sources. */
function threadFile(): URL | undefined {
  const name = import.meta.url.endsWith('.ts') ? './sqlite/worker.ts' : './sqlite/worker.js';
  const file = URL.canParse(name, import.meta.url) ? new URL(name, import.meta.url) : undefined;
  if (file?.protocol === 'file:' && existsSync(file)) return file;
  process.emitWarning(
    'sqliteStore found no file for its thread beside it, so the disk blocks the event loop, and claims are not renewed while that is blocked. Leave @longhaul/core out of the bundle, or copy its dist/store/sqlite/worker.js and what that imports.',
    'LonghaulWarning',
  );
  return undefined;
}
