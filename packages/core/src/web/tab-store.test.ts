import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../store/memory-store.ts';
import type { RunNotice, RunStore } from '../store/run-store.ts';
import { runStoreConformance } from '../testing/store-conformance.ts';
import { type TabStore, tabStore } from './tab-store.ts';

afterEach(() => void vi.unstubAllGlobals());

const opened = new Set<TabStore>();
afterEach(() => {
  for (const store of opened) store.close();
  opened.clear();
});

function open(store: RunStore, name: string = crypto.randomUUID()): TabStore {
  const tabs = tabStore(store, { name });
  opened.add(tabs);
  return tabs;
}

describe('with any store', () => {
  const cases = runStoreConformance({
    open: (name, clock) => open(memoryStore({ clock }), name),
    // A memory store is not shared. With Web Locks, which Node has since version 24, claims do not expire.
    omit: ['sharing', 'expiry'],
  });
  test.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('without Web Locks and BroadcastChannel', () => {
  const cases = runStoreConformance({
    open: (name, clock) => {
      vi.stubGlobal('navigator', {});
      vi.stubGlobal('BroadcastChannel', undefined);
      return open(memoryStore({ clock }), name);
    },
    omit: ['sharing'],
  });
  test.each(cases)('uses the claims of the store: $name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

test('does not add an inbox, `undriven` or lists of conversations to a store without them', () => {
  const { load, commit, list, delete: deleteRun } = memoryStore();
  const store = open({ load, commit, list, delete: deleteRun });
  expect([store.post, store.receive, store.undriven]).toEqual([undefined, undefined, undefined]);
  expect([store.listThreadRuns, store.listThreads]).toEqual([undefined, undefined]);
});

test('a store without claims gets claims only if the browser has Web Locks', () => {
  const { claim: _claim, release: _release, ...bare } = memoryStore();
  vi.stubGlobal('navigator', {});
  expect(open(bare).claim).toBeUndefined();
  vi.stubGlobal('navigator', { locks: {} });
  expect(open(bare).claim).toBeTypeOf('function');
});

test('I10: ignores invalid notices, and notices of an unknown type from another version of the page', async () => {
  const name = crypto.randomUUID();
  const notices: RunNotice[] = [];
  const received = Promise.withResolvers<void>();
  open(memoryStore(), name).watch((notice) => {
    notices.push(notice);
    received.resolve();
  });
  const known = { type: 'live', runId: 'run-1', message: 1 };
  const other = new BroadcastChannel(`longhaul/${name}`);
  for (const message of [
    null,
    'saved',
    { type: 'saved' },
    { type: 'later', runId: 'run-1' },
    { type: 'live', runId: 'run-1' },
    known,
  ]) {
    other.postMessage(message);
  }
  await received.promise;
  other.close();
  expect(notices).toEqual([known]);
});

test('a message that cannot be sent to other tabs does not fail publish', () => {
  const store = open(memoryStore());
  // Its type is JSON, but it contains a function, which cannot be cloned.
  const message = Object.assign(Object.create(null), { render: () => undefined });
  expect(() => structuredClone(message)).toThrow();
  expect(() => store.publish('run-1', message)).not.toThrow();
});

test('a store on a server that renders pages can be created and watched; its calls fail, and it does not keep the process alive', () => {
  const url = new URL('./indexed-db-store.ts', import.meta.url).href;
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { indexedDbStore } from ${JSON.stringify(url)};
       const store = indexedDbStore();
       store.watch(() => undefined);
       store.publish('run-1', 1);
       await store.list().catch((error) => console.log(error.code, error.message));`,
    ],
    { encoding: 'utf8' },
  );
  expect(stdout).toContain('unavailable The store longhaul needs IndexedDB, which is not available here');
  expect(status).toBe(0);
});
