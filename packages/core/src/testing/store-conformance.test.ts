import { expect, test } from 'vitest';
import { memoryStore } from '../store/memory-store.ts';
import type { InboxMessage, ReceivedMessage, RunStore } from '../store/run-store.ts';
import { runStoreConformance, type StoreConformanceCase } from './store-conformance.ts';
import { ownerDefects } from '../../test-support/owner-defects.ts';
import { defects } from '../../test-support/store-defects.ts';
import { threadDefects } from '../../test-support/thread-defects.ts';
import { undrivenDefects } from '../../test-support/undriven-defects.ts';
import { webhookDefects } from '../../test-support/webhook-defects.ts';

/** Runs the cases and returns the names of those that fail. */
async function failing(cases: readonly StoreConformanceCase[]): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of cases) await run().catch(() => names.push(name));
  return names;
}

const allDefects = { ...defects, ...ownerDefects, ...threadDefects, ...undrivenDefects, ...webhookDefects };
for (const [what, { breakIt, found }] of Object.entries(allDefects)) {
  test(`the suite finds a broken store: ${what}`, async () => {
    const cases = runStoreConformance({
      open: (_, clock) => {
        const store = memoryStore({ clock });
        return { ...store, ...breakIt(store, clock) };
      },
      omit: ['sharing'],
    });
    const failed = await failing(cases.filter(({ name }) => found.includes(name)));
    expect(failed.toSorted()).toEqual(found.toSorted());
  });
}

test('the error of a failed case shows the expected and the received value', async () => {
  const cases = runStoreConformance({
    open: () => ({ ...memoryStore(), list: async () => [] }),
    omit: ['sharing'],
  });
  const named = cases.find(({ name }) => name.startsWith('list: limit'));
  await expect(named?.run()).rejects.toThrow('limit 2\nexpected: ["new","tie-1"]\nreceived: []');
});

test('without `claim`, the claim cases fail with advice to omit them, and `omit` removes them', async () => {
  const { claim: _, ...store } = memoryStore();
  const open = (): RunStore => store;
  const claims = runStoreConformance({ open, omit: ['expiry', 'sharing'] }).filter(({ name }) =>
    name.startsWith('claim:'),
  );
  expect(claims).toHaveLength(5);
  await expect(claims[0]?.run()).rejects.toThrow("name 'claims' in `omit`");
  expect(await failing(claims)).toHaveLength(5);
  const without = runStoreConformance({ open, omit: ['claims', 'sharing'] });
  expect(without.filter(({ name }) => name.startsWith('claim:'))).toEqual([]);
});

test('a store whose methods need `this` can be tested', async () => {
  class OwnStore implements RunStore {
    readonly #memory = memoryStore();
    load(runId: string): ReturnType<RunStore['load']> {
      return this.#memory.load(runId);
    }
    commit(change: Parameters<RunStore['commit']>[0]): Promise<void> {
      return this.#memory.commit(change);
    }
    list(filter?: Parameters<RunStore['list']>[0]): ReturnType<RunStore['list']> {
      return this.#memory.list(filter);
    }
    delete(runId: string): Promise<void> {
      return this.#memory.delete(runId);
    }
    claim(runId: string, owner: string, ttlMs: number): Promise<boolean> {
      return this.#memory.claim(runId, owner, ttlMs);
    }
    release(runId: string, owner: string): Promise<void> {
      return this.#memory.release(runId, owner);
    }
    post(runId: string, message: InboxMessage): Promise<void> {
      return this.#memory.post(runId, message);
    }
    receive(runId: string): Promise<ReceivedMessage[]> {
      return this.#memory.receive(runId);
    }
  }
  const cases = runStoreConformance({ open: () => new OwnStore(), omit: ['sharing', 'expiry', 'watch'] });
  expect(await failing(cases)).toEqual([]);
});

test('the suite closes every store that it opens, even if the case fails', async () => {
  let open = 0;
  const cases = runStoreConformance({
    open: () => {
      open += 1;
      return { ...memoryStore(), load: () => Promise.reject(new Error('broken')) };
    },
    close: () => {
      open -= 1;
    },
    omit: ['watch'],
  });
  await failing(cases);
  expect(open).toBe(0);
});
