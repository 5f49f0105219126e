import type { RunNotice, RunStore } from '../../store/run-store.ts';
import { expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

/**
 * How long a case waits for a notice, in milliseconds. This is much longer than any store's delay, so it is reached
 * only if a notice is missing.
 */
const patienceMs = 5_000;

interface Log {
  /** Resolves when this notice has arrived; rejects if it does not arrive within `patienceMs`. */
  arrived(notice: RunNotice): Promise<void>;
  count(notice: RunNotice): number;
  end(): void;
}

function watch(store: RunStore): Log {
  if (!store.watch) throw new Error("The store has no watch: name 'watch' in `omit`.");
  const notices: string[] = [];
  let checkArrived = (): void => undefined;
  const end = store.watch((notice) => {
    notices.push(JSON.stringify(notice));
    checkArrived();
  });
  const count = (notice: RunNotice): number => {
    const wanted = JSON.stringify(notice);
    return notices.filter((text) => text === wanted).length;
  };
  return {
    end,
    count,
    arrived: (notice) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () =>
            reject(new Error(`No notice ${JSON.stringify(notice)} arrived. Notices: ${notices.join(', ')}`)),
          patienceMs,
        );
        checkArrived = () => {
          if (count(notice) === 0) return;
          clearTimeout(timer);
          resolve();
        };
        checkArrived();
      }),
  };
}

async function makeNotices(store: RunStore): Promise<void> {
  await store.commit(sampleChange({ runId: 'saved' }));
  await store.post?.('posted', 1);
  await store.claim?.('released', 'a', 30_000);
  await store.release?.('released', 'a');
  store.publish?.('live', { text: 'He' });
}

const expected: readonly RunNotice[] = [
  { type: 'saved', runId: 'saved' },
  { type: 'posted', runId: 'posted' },
  { type: 'released', runId: 'released' },
  { type: 'live', runId: 'live', message: { text: 'He' } },
];

/** Notices of changes, so that a follower need not poll the store. */
export const watchCases: readonly StoreCase[] = [
  {
    name: 'watch: reports saves, posts, releases and published messages until it is ended',
    needs: ['watch', 'claims', 'inbox'],
    async check({ store }) {
      const ended = watch(store);
      ended.end();
      const log = watch(store);
      await makeNotices(store);
      for (const notice of expected) await log.arrived(notice);
      log.end();
      expectSame(
        'notices to an ended listener',
        expected.map((notice) => ended.count(notice)),
        [0, 0, 0, 0],
      );
    },
  },
  {
    name: 'watch: reports a delete',
    needs: ['watch'],
    async check({ store }) {
      await store.commit(sampleChange());
      const log = watch(store);
      await store.delete('run-1');
      await log.arrived({ type: 'saved', runId: 'run-1' });
      log.end();
    },
  },
  {
    name: 'watch: a reported save is in the store',
    needs: ['watch'],
    async check({ store }) {
      const found = new Promise<unknown>((resolve) => {
        const end = store.watch?.(() => {
          end?.();
          resolve(store.load('run-1'));
        });
      });
      const change = sampleChange();
      await store.commit(change);
      expectSame('load within the listener', await found, { head: change.head, items: [] });
    },
  },
  {
    name: 'watch: reports changes by another store over the same data',
    needs: ['watch', 'claims', 'inbox', 'sharing'],
    async check({ store, open }) {
      const log = watch(store);
      await makeNotices(await open());
      for (const notice of expected) await log.arrived(notice);
      log.end();
    },
  },
];
