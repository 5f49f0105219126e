import { expectConflict, expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

/** Several stores over the same data, as several processes or tabs have them. */
export const sharingCases: readonly StoreCase[] = [
  {
    name: 'sharing: what one store saved or deleted the other sees, and its revisions bind it',
    needs: ['sharing'],
    async check({ store, open }) {
      const other = await open();
      const change = sampleChange({ append: [{ n: 1 }] });
      await store.commit(change);
      expectSame('load over there', await other.load('run-1'), { head: change.head, items: change.append });
      expectSame('list over there', await other.list(), [change.head]);
      await other.commit(sampleChange({ revision: 2, append: [{ n: 2 }] }));
      await expectConflict(
        'revision 2 once more',
        store.commit(sampleChange({ revision: 2, commitId: 'rival', append: [{ n: 3 }] })),
      );
      await store.commit(sampleChange({ revision: 3, append: [{ n: 3 }] }));
      expectSame('items', (await other.load('run-1'))?.items, [{ n: 1 }, { n: 2 }, { n: 3 }]);
      await other.delete('run-1');
      expectSame('load after the delete', await store.load('run-1'), undefined);
    },
  },
  {
    name: 'sharing: of commits at once through several stores exactly one wins each revision',
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
