import type { Clock } from '../clock/clock.ts';
import { mustBeClock } from '../clock/must-be-clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { mustBeOptions } from '../errors/must-be.ts';
import type { RunStore, WebhookMethod } from '../store/run-store.ts';
import { databaseStore } from './database-store.ts';
import { tabStore } from './tab-store.ts';

export interface IndexedDbStoreOptions {
  /**
   * Name of the database. In all tabs of a site, stores with the same name share their runs.
   *
   * @default 'longhaul'
   */
  readonly name?: string;
  /** Measures the time to live of claims. Only claims without Web Locks have one. @default the machine's clock */
  readonly clock?: Clock;
}

/** A `RunStore` in IndexedDB, without the methods for webhooks, which do not reach a page. It must be closed. */
export interface IndexedDbStore extends Required<Omit<RunStore, WebhookMethod>>, Disposable {
  /** Releases all Web Locks and closes the database. Close the runner first, because its later saves fail. */
  close(): void;
}

/**
 * Stores runs in the browser's IndexedDB. The runs survive reloads and closed tabs, and all tabs of the site share
 * them. One tab drives a run. Other tabs that resume the run follow it, and one of them takes over when the first tab
 * ends. Nothing is opened before the first call, so the store may be created during rendering on a server, where its
 * calls fail.
 *
 * @throws ConfigurationError for an invalid option
 * @example
 * import { indexedDbStore } from '@longhaul/core/web';
 *
 * const store = indexedDbStore({ name: 'my-app' });
 * const runner = createRunner({ client, agents: [agent], store });
 * await runner.resumeAll();
 */
export function indexedDbStore(options: IndexedDbStoreOptions = {}): IndexedDbStore {
  mustBeOptions(options, 'indexedDbStore', { name: 'string', clock: 'any' });
  mustBeClock(options.clock, 'indexedDbStore');
  const { name = 'longhaul', clock = systemClock } = options;
  const database = databaseStore(name, clock);
  const tabs = tabStore(database, { name });
  const close = (): void => {
    tabs.close();
    database.close();
  };
  return { ...database, ...tabs, close, [Symbol.dispose]: close };
}
