import type { JsonObject } from '../../wire/json.ts';
import { expectConflict, expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

/** Revisions, conflicts and atomic saves (I7). */
export const commitCases: readonly StoreCase[] = [
  {
    name: 'commit: a run that is not stored loads as undefined',
    needs: [],
    async check({ store }) {
      expectSame('load of an unknown run', await store.load('run-1'), undefined);
    },
  },
  {
    name: 'commit: revision 1 stores an unknown run, with every field of its head and its items',
    needs: [],
    async check({ store }) {
      const change = sampleChange({
        head: { phase: { type: 'waiting' }, calls: [] },
        append: [{ type: 'input' }],
      });
      await store.commit(change);
      expectSame('load after the commit', await store.load('run-1'), {
        head: change.head,
        items: change.append,
      });
    },
  },
  {
    name: 'commit: a later revision of an unknown run is a conflict and stores nothing',
    needs: [],
    async check({ store }) {
      await expectConflict(
        'commit of revision 2',
        store.commit(sampleChange({ revision: 2, append: [{ n: 1 }] })),
      );
      expectSame('load', await store.load('run-1'), undefined);
      expectSame('list', await store.list(), []);
    },
  },
  {
    name: 'commit: the next revision replaces the head and appends its items in order',
    needs: [],
    async check({ store }) {
      await store.commit(sampleChange({ head: { old: true }, append: [{ n: 1 }, { n: 2 }] }));
      await store.commit(sampleChange({ revision: 2 }));
      const last = sampleChange({ revision: 3, append: [{ n: 3 }, { n: 1 }] });
      await store.commit(last);
      const items = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 1 }];
      expectSame('load after three commits', await store.load('run-1'), { head: last.head, items });
    },
  },
  {
    name: 'commit: a stored revision, or one that skips a revision, is a conflict and changes nothing',
    needs: [],
    async check({ store }) {
      await store.commit(sampleChange({ append: [{ n: 1 }] }));
      await store.commit(sampleChange({ revision: 2, append: [{ n: 2 }] }));
      const before = await store.load('run-1');
      for (const revision of [1, 2, 4, 0]) {
        const change = sampleChange({
          revision,
          commitId: `rival/${revision}`,
          append: [{ rival: revision }],
        });
        await expectConflict(`revision ${revision} over revision 2`, store.commit(change));
      }
      expectSame('load after the conflicts', await store.load('run-1'), before);
    },
  },
  {
    name: 'commit: repeating the last commit succeeds and appends nothing',
    needs: [],
    async check({ store }) {
      const first = sampleChange({ append: [{ n: 1 }] });
      const second = sampleChange({ revision: 2, append: [{ n: 2 }] });
      for (const change of [first, first, second, second]) await store.commit(change);
      expectSame('items after repeated commits', (await store.load('run-1'))?.items, [{ n: 1 }, { n: 2 }]);
      await expectConflict('repeating a commit that is not the last', store.commit(first));
    },
  },
  {
    name: 'commit: import stores an unknown run at any revision, and later commits continue from it',
    needs: [],
    async check({ store }) {
      const whole = sampleChange({ revision: 7, append: [{ n: 1 }, { n: 2 }], import: true });
      await store.commit(whole);
      await store.commit(whole);
      expectSame('load after import', await store.load('run-1'), { head: whole.head, items: whole.append });
      await store.commit(sampleChange({ revision: 8, append: [{ n: 3 }] }));
      expectSame('items after import', (await store.load('run-1'))?.items, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    },
  },
  {
    name: 'commit: importing a stored run is a conflict, even at the next revision',
    needs: [],
    async check({ store }) {
      await store.commit(sampleChange({ append: [{ n: 1 }] }));
      const before = await store.load('run-1');
      for (const revision of [1, 2, 7]) {
        const change = sampleChange({
          revision,
          commitId: 'other',
          append: [{ n: 1 }, { n: 2 }],
          import: true,
        });
        await expectConflict(`import of revision ${revision}`, store.commit(change));
      }
      expectSame('load after the conflicts', await store.load('run-1'), before);
    },
  },
  {
    name: 'commit: of concurrent commits for one revision exactly one succeeds, and only its items are stored',
    needs: [],
    async check({ store }) {
      await store.commit(sampleChange());
      const rivals = Array.from({ length: 8 }, (_, n) =>
        sampleChange({ revision: 2, commitId: `rival-${n}`, append: [{ n }, { n }] }),
      );
      const outcomes = await Promise.allSettled(rivals.map((change) => store.commit(change)));
      const winners = rivals.filter((_, n) => outcomes[n]?.status === 'fulfilled');
      expectSame('number of commits that won', winners.length, 1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected')
          await expectConflict('a lost commit', Promise.reject(outcome.reason));
      }
      expectSame('load', await store.load('run-1'), { head: winners[0]?.head, items: winners[0]?.append });
    },
  },
  {
    name: 'commit: many items in one commit, and large items, load completely and in order',
    needs: [],
    async check({ store }) {
      const many = Array.from({ length: 2_000 }, (_, n) => ({ n }));
      const large = { text: 'ünïcödé 🚣 '.repeat(100_000) };
      await store.commit(sampleChange({ append: many }));
      await store.commit(sampleChange({ revision: 2, append: [large] }));
      expectSame('items', (await store.load('run-1'))?.items, [...many, large]);
    },
  },
  {
    name: 'commit: any JSON loads unchanged',
    needs: [],
    async check({ store }) {
      const odd: JsonObject = JSON.parse(String.raw`{
        "null": null, "false": false, "zero": 0, "empty": "", "list": [], "object": {}, "": "empty key",
        "numbers": [9007199254740991, -1.5e-7, 1e300], "nested": [[[{ "a": [null] }]]],
        "__proto__": { "polluted": true }, "constructor": 1, "text": "quote ' \" \\ \u0000 \u2028 \ud83d\udea3 \ud800 end"
      }`);
      const change = sampleChange({ head: { odd }, append: [odd, {}] });
      await store.commit(change);
      expectSame('load', await store.load('run-1'), { head: change.head, items: change.append });
      expectSame('list', await store.list(), [change.head]);
    },
  },
  {
    name: 'commit: run ids with lone surrogates are distinct or rejected',
    needs: [],
    async check({ store }) {
      const isSaved = new Map<string, boolean>();
      for (const runId of ['\ud800', '\ud801', '\ufffd', 'a\udc00', 'a\udc01']) {
        const saved = store.commit(sampleChange({ runId, append: [{ runId }] }));
        isSaved.set(
          runId,
          await saved.then(
            () => true,
            () => false,
          ),
        );
      }
      for (const [runId, isThere] of isSaved) {
        const run = await store.load(runId).catch(() => undefined);
        const expected = isThere ? [{ runId }] : undefined;
        expectSame(`items of run ${JSON.stringify(runId)}`, run?.items, expected);
      }
    },
  },
  {
    name: 'commit: run ids are compared exactly, with any characters',
    needs: [],
    async check({ store }) {
      const ids = [
        'a',
        'A',
        'a ',
        ' a',
        'a/1',
        'a%',
        'a_',
        "it's",
        '"',
        '\\',
        '\n',
        '1',
        '01',
        'é',
        'e\u0301',
        '🚣',
      ];
      ids.push('__proto__', 'constructor', 'null', 'undefined', '../a', 'a;b', 'x'.repeat(500));
      for (const runId of ids) await store.commit(sampleChange({ runId, append: [{ runId }] }));
      for (const runId of ids) {
        const run = await store.load(runId);
        expectSame(`run ${JSON.stringify(runId)}`, [run?.head.runId, run?.items], [runId, [{ runId }]]);
      }
      expectSame('number of runs', (await store.list()).length, ids.length);
    },
  },
  {
    name: 'commit: the store shares no objects with the commits it gets or the runs it returns',
    needs: [],
    async check({ store }) {
      const given = sampleChange({ head: { deep: { n: 1 } }, append: [{ deep: { n: 1 } }] });
      const expected = { head: structuredClone(given.head), items: structuredClone(given.append) };
      await store.commit(given);
      const spoil = (value: object): void => {
        for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) spoil(part);
        Object.assign(value, { spoilt: true });
      };
      spoil(given);
      const loaded = await store.load('run-1');
      expectSame('load after the given objects were changed', loaded, expected);
      if (loaded) spoil(loaded);
      for (const head of await store.list()) spoil(head);
      expectSame('load after what was loaded and listed was changed', await store.load('run-1'), expected);
    },
  },
  {
    name: 'delete: removes the head and all items of the run, and no other run',
    needs: [],
    async check({ store }) {
      for (const runId of ['run-1', 'run-10'])
        await store.commit(sampleChange({ runId, append: [{ runId }] }));
      await store.delete('run-1');
      expectSame('load of the deleted run', await store.load('run-1'), undefined);
      expectSame(
        'list',
        (await store.list()).map((head) => head.runId),
        ['run-10'],
      );
      expectSame('items of the other run', (await store.load('run-10'))?.items, [{ runId: 'run-10' }]);
      await store.commit(sampleChange({ append: [{ again: true }] }));
      expectSame('items of the restarted run', (await store.load('run-1'))?.items, [{ again: true }]);
    },
  },
  {
    name: 'delete: accepts an unknown run, and later commits to a deleted run are a conflict',
    needs: [],
    async check({ store }) {
      await store.delete('run-1');
      await store.commit(sampleChange());
      await store.delete('run-1');
      await expectConflict('revision 2 of the deleted run', store.commit(sampleChange({ revision: 2 })));
      expectSame('load', await store.load('run-1'), undefined);
    },
  },
];
