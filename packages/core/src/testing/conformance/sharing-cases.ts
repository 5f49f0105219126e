import { expectConflict, expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

/** Several stores over the same data, as in several processes or tabs. */
export const sharingCases: readonly StoreCase[] = [
  {
    name: 'sharing: saves and deletes of one store are visible in the other, which must use the next revision',
    needs: ['sharing'],
    async check({ store, open }) {
      const other = await open();
      const change = sampleChange({ append: [{ n: 1 }] });
      await store.commit(change);
      expectSame('load in the other store', await other.load('run-1'), {
        head: change.head,
        items: change.append,
      });
      expectSame('list of the other store', await other.list(), [change.head]);
      await other.commit(sampleChange({ revision: 2, append: [{ n: 2 }] }));
      await expectConflict(
        'revision 2 again',
        store.commit(sampleChange({ revision: 2, commitId: 'rival', append: [{ n: 3 }] })),
      );
      await store.commit(sampleChange({ revision: 3, append: [{ n: 3 }] }));
      expectSame('items', (await other.load('run-1'))?.items, [{ n: 1 }, { n: 2 }, { n: 3 }]);
      await other.delete('run-1');
      expectSame('load after the delete', await store.load('run-1'), undefined);
    },
  },
  {
    name: 'sharing: of concurrent commits in several stores exactly one succeeds for each revision',
    needs: ['sharing'],
    async check({ store, open }) {
      const stores = [store, await open(), await open()];
      for (let revision = 1; revision <= 5; revision += 1) {
        const outcomes = await Promise.allSettled(
          stores.map((each, n) => {
            const append = [{ revision, n }];
            return each.commit(sampleChange({ revision, commitId: `${revision}/${n}`, append }));
          }),
        );
        const won = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
        expectSame(`winners of revision ${revision}`, won, 1);
      }
      const run = await store.load('run-1');
      expectSame(
        'revisions of the items',
        run?.items.map((item) => JSON.parse(JSON.stringify(item)).revision),
        [1, 2, 3, 4, 5],
      );
    },
  },
];
