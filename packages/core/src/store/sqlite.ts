import process from 'node:process';
import { existsSync } from 'node:fs';
import { monotonicNow, type Clock } from '../clock/clock.ts';
import { mustBeClock } from '../clock/must-be-clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { mustBe, mustBeOptions } from '../errors/must-be.ts';
import { checkedFilter } from './list-filter.ts';
import { messageReader } from './message-reader.ts';
import { runOfTexts } from './run-of-texts.ts';
import type { RunHead, RunNotice, RunStore } from './run-store.ts';
import { watchClaims } from './sqlite/claim-watch.ts';
import { openConnection } from './sqlite/connection.ts';
import { noticeReader } from './sqlite/notice-reader.ts';
import { keyOf, runIdOfKey, runKey } from './sqlite/run-key.ts';
import { sqliteFailure } from './sqlite/sqlite-failure.ts';
import { commitRow, listedRun, runWaitingFor, threadOfRow, threadRunOfRow } from './sqlite/read-rows.ts';
import { sharedListeners } from './shared-listeners.ts';
import { checkedThreadFilter, checkThreadId } from './thread-lists.ts';

export interface SqliteStoreOptions {
  /**
   * The database file. It is created if it does not exist. `:memory:` creates a database that only this store can use.
   */
  readonly path: string;
  /**
   * How long a call waits while another process writes, in milliseconds. After that time the call fails with
   * `StoreError` `unavailable`, and the driver process repeats the call. The wait blocks the event loop only while the
   * store opens, and if the store has no thread.
   *
   * @default 1000
   */
  readonly busyTimeoutMs?: number;
  /**
   * With `full`, a save is on the disk when it resolves, and survives a power failure. `normal` is faster. Saves then
   * survive the death of the process, but the last ones may be lost if the machine stops, and a tool that ran may then
   * run again. The database stays intact in both modes.
   *
   * @default 'full'
   */
  readonly synchronous?: 'full' | 'normal';
  /**
   * Measures for how long another process has not renewed its claims (with `monotonic` if the clock has it). Processes
   * that share a file do not need synchronized clocks. With a custom clock, as in tests, the store uses no thread, so
   * that every call completes before a manual clock advances.
   *
   * @default the machine's clock
   */
  readonly clock?: Clock;
}

/** A `RunStore` with all optional methods. It must be closed. */
export interface SqliteStore extends Required<RunStore>, Disposable {
  /**
   * Closes the file, and returns when it is closed. A write in progress is completed first. Close the runner before the
   * store, because calls that have not started fail. Closing again does nothing.
   */
  close(): void;
}

function checkOptions(options: SqliteStoreOptions): void {
  const kinds = {
    path: 'string',
    busyTimeoutMs: 'any',
    synchronous: ['full', 'normal'],
    clock: 'any',
  } as const;
  mustBeOptions(options, 'sqliteStore', kinds);
  const { path, busyTimeoutMs = 0, clock } = options;
  mustBe(path !== undefined && path !== '', 'sqliteStore', 'path', 'the path of a file, or `:memory:`');
  const isDuration = Number.isFinite(busyTimeoutMs) && busyTimeoutMs >= 0;
  mustBe(isDuration, 'sqliteStore', 'busyTimeoutMs', 'a number of milliseconds from 0');
  mustBeClock(clock, 'sqliteStore');
}

/** Number of a list's heads that are parsed in one turn of the event loop. */
const headsPerTurn = 100;

/**
 * Stores runs in one SQLite file with Node's `node:sqlite`. The runs survive the process, and several processes on one
 * machine may share the file. Do not use a network file system, because SQLite's locks do not work there.
 *
 * A separate thread reads and writes the file, so that the disk blocks the event loop only while the store opens or
 * closes. Concurrent saves of several runs are written together. If other code blocks the event loop, the thread renews
 * the claims of this process, for up to five minutes. The thread does not keep the process alive. A store with
 * `:memory:` or a custom clock has no thread.
 *
 * Stores on one file exchange notices and streamed text through the file `<path>-live` (and its `-wal` and `-shm`). It
 * is created by the first `watch`, which each runner calls, with the permissions of the database. A notice is written
 * only while another store watches, and is deleted after about five seconds. The file is not part of a backup, and may
 * be deleted at any time. If it cannot be used, `watch` throws `StoreError` `unavailable`, or `ConfigurationError` if it
 * belongs to another application.
 *
 * @throws StoreError `unavailable` if the file cannot be opened, `SnapshotError` if it is damaged or a newer version
 * of Longhaul has migrated it. `ConfigurationError` for an invalid option, or if the file belongs to another
 * application.
 * @example
 * import { sqliteStore } from '@longhaul/core/store/sqlite';
 *
 * using store = sqliteStore({ path: 'runs.db' });
 * const runner = createRunner({ client, agents: [agent], store });
 * await runner.resumeAll();
 */
export function sqliteStore(options: SqliteStoreOptions): SqliteStore {
  checkOptions(options);
  const { path, busyTimeoutMs = 1_000, synchronous = 'full', clock = systemClock } = options;
  const { watch, notify, close: endNotices } = sharedListeners(watchOthers);
  const { ask, close, ...others } = (() => {
    try {
      const file = clock === systemClock && isFile(path) ? threadFile() : undefined;
      return openConnection({ path, busyTimeoutMs, synchronous }, file, noticeReader(path, notify));
    } catch (error) {
      throw sqliteFailure(error, 'open its file', path);
    }
  })();

  const readMessages = messageReader(path, (text) => process.emitWarning(text, 'LonghaulWarning'));

  /** Begins to receive changes by other processes. Returns a function that ends this. */
  function watchOthers(): () => void {
    try {
      others.watch();
    } catch (error) {
      throw sqliteFailure(error, 'receive notices of other processes', path);
    }
    const released = (runId: string): void => notify({ type: 'released', runId });
    // A custom clock does not advance together with the machine's timers.
    const isOurs = clock === systemClock;
    const end = isOurs ? watchClaims(ask, () => monotonicNow(clock), released) : undefined;
    return () => {
      end?.();
      others.unwatch();
    };
  }

  const end = (): void => {
    endNotices();
    close();
  };

  return {
    load: async (runId) =>
      runOfTexts(runId, await ask(`load run ${runId}`, { type: 'load', runId: runKey(runId) })),

    commit: async ({ append, commitId, head, import: whole, received = [], revision, runId }) => {
      const items = append.length === 0 ? undefined : JSON.stringify(append);
      const row = { ...commitRow(runId, head), revision, commitId, items };
      await ask(`save run ${runId}`, { type: 'commit', ...row, received, ...(whole && { import: whole }) });
      notify({ type: 'saved', runId });
    },

    list: async (given) => {
      const filter = checkedFilter(given);
      const { after, owner, runId, threadId } = filter;
      const keys = {
        after: keyOf(after),
        owner: keyOf(owner),
        runId: keyOf(runId),
        threadId: keyOf(threadId),
      };
      const heads: RunHead[] = [];
      for (const row of await ask('list runs', { type: 'list', filter: { ...filter, ...keys } })) {
        heads.push(listedRun(row));
        if (heads.length % headsPerTurn === 0) await nextTurn();
      }
      return heads;
    },

    listThreadRuns: async (threadId) => {
      checkThreadId(threadId);
      const call = { type: 'threadRuns', threadId: runKey(threadId) } as const;
      return (await ask(`list the runs of thread ${threadId}`, call)).map(threadRunOfRow);
    },

    listThreads: async (given) => {
      const filter = checkedThreadFilter(given);
      const keys = { after: keyOf(filter.after), owner: keyOf(filter.owner) };
      return (await ask('list threads', { type: 'threads', filter: { ...filter, ...keys } })).map(
        threadOfRow,
      );
    },

    delete: async (runId) => {
      await ask(`delete run ${runId}`, { type: 'delete', runId: runKey(runId) });
      notify({ type: 'saved', runId });
    },

    claim: (runId, owner, ttlMs) => {
      const claim = { runId: runKey(runId), owner, ttlMs, nowMs: monotonicNow(clock) };
      return ask(`claim run ${runId}`, { type: 'claim', ...claim });
    },

    release: async (runId, owner) => {
      const call = { type: 'release', runId: runKey(runId), owner } as const;
      if (await ask(`release run ${runId}`, call)) notify({ type: 'released', runId });
    },

    renew: async (owner, ttlMs) =>
      (await ask('renew claims', { type: 'renew', owner, ttlMs })).map(runIdOfKey),

    look: async (runIds) => {
      const asked = { runIds: runIds.map(runKey), nowMs: monotonicNow(clock) };
      const looks = await ask('look at runs', { type: 'look', ...asked });
      return looks.map((look) => ({ ...look, runId: runIdOfKey(look.runId) }));
    },

    undriven: async (agents) => {
      const runs = await ask('find undriven runs', { type: 'undriven', agents, nowMs: monotonicNow(clock) });
      return runs.map(({ runId, agent }) => ({ runId: runIdOfKey(runId), agent }));
    },

    findByResponse: async (responseId) => {
      const call = { type: 'findByResponse', responseId: runKey(responseId) } as const;
      return runWaitingFor(responseId, await ask(`find the run of response ${responseId}`, call));
    },

    rememberWebhook: async (responseId) => {
      const call = { responseId: runKey(responseId), nowMs: clock.now() };
      await ask(`remember the webhook of ${responseId}`, { type: 'rememberWebhook', ...call });
    },

    takeWebhook: (responseId) => {
      const call = { responseId: runKey(responseId), nowMs: clock.now() };
      return ask(`take the webhook of ${responseId}`, { type: 'takeWebhook', ...call });
    },

    post: async (runId, message) => {
      const call = { type: 'post', runId: runKey(runId), message: JSON.stringify(message) } as const;
      await ask(`post to run ${runId}`, call);
      notify({ type: 'posted', runId });
    },

    receive: async (runId) => {
      const rows = await ask(`receive for run ${runId}`, { type: 'receive', runId: runKey(runId) });
      return readMessages(runId, rows);
    },

    watch,

    publish: (runId, message) => {
      const notice = { type: 'live', runId, message } as const;
      notify(notice);
      const text = textOf(notice);
      // After `close`, no process receives the message.
      if (text !== undefined) ask('publish', { type: 'publish', notice: text }).catch(() => undefined);
    },

    close: end,
    [Symbol.dispose]: end,
  };
}

/** The text of a notice. Undefined if its message is not JSON. */
function textOf(notice: RunNotice): string | undefined {
  try {
    return JSON.stringify(notice);
  } catch {
    return undefined;
  }
}

/** Whether another thread can open the database. SQLite may keep it in memory or in a temporary file instead. */
function isFile(path: string): boolean {
  return path !== '' && !/:memory:|mode=memory/.test(path);
}

/** Waits for the next turn of the event loop, so that parsing a list of thousands does not block it. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Finds the thread's file, which is in the same place relative to this file in the package and in its sources. Emits a
 * warning if a bundler has removed it.
 */
function threadFile(): URL | undefined {
  const name = import.meta.url.endsWith('.ts') ? './sqlite/worker.ts' : './sqlite/worker.js';
  const file = URL.canParse(name, import.meta.url) ? new URL(name, import.meta.url) : undefined;
  if (file?.protocol === 'file:' && existsSync(file)) return file;
  process.emitWarning(
    'sqliteStore did not find the file for its thread. The disk now blocks the event loop, and claims are not renewed while the event loop is blocked. Exclude @longhaul/core from the bundle, or copy its dist/store/sqlite/worker.js and the files that it imports.',
    'LonghaulWarning',
  );
  return undefined;
}
