import type { InboxMessage, ReceivedMessage, RunStore } from '../../store/run-store.ts';
import { expectConflict, expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

interface Inbox {
  post(runId: string, message: InboxMessage): Promise<void>;
  receive(runId: string): Promise<ReceivedMessage[]>;
  /** The messages without their ids. */
  messages(runId: string): Promise<InboxMessage[]>;
}

function inboxOf(store: RunStore): Inbox {
  if (!store.post || !store.receive)
    throw new Error("The store has no post and receive: name 'inbox' in `omit`.");
  const receive = async (runId: string): Promise<ReceivedMessage[]> => (await store.receive?.(runId)) ?? [];
  return {
    post: async (runId, message) => store.post?.(runId, message),
    receive,
    messages: async (runId) => (await receive(runId)).map(({ message }) => message),
  };
}

const numbers = Array.from({ length: 20 }, (_, n) => n);

function sorted(messages: readonly InboxMessage[]): number[] {
  return messages.map(Number).toSorted((a, b) => a - b);
}

function idsOf(received: readonly ReceivedMessage[]): string[] {
  return received.map(({ id }) => id);
}

/** Decisions and cancels from other processes: none is lost, and none takes effect twice. */
export const inboxCases: readonly StoreCase[] = [
  {
    name: 'inbox: receive returns the messages of its run oldest first, and does not delete them',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive, messages } = inboxOf(store);
      await store.commit(sampleChange());
      expectSame('an empty inbox', await receive('run-1'), []);
      for (const n of numbers) await post('run-1', { n });
      await post('run-10', 'other');
      const first = await receive('run-1');
      expectSame(
        'received',
        first.map(({ message }) => message),
        numbers.map((n) => ({ n })),
      );
      expectSame('ids that are strings', first.filter(({ id }) => typeof id !== 'string').length, 0);
      expectSame('different ids', new Set(idsOf(first)).size, numbers.length);
      expectSame('received again', await receive('run-1'), first);
      await store.commit(sampleChange({ revision: 2 }));
      expectSame('received after a commit without received', await receive('run-1'), first);
      expectSame('inbox of the other run', await messages('run-10'), ['other']);
    },
  },
  {
    name: 'inbox: a commit deletes the messages that it names, and no others',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive, messages } = inboxOf(store);
      await store.commit(sampleChange());
      await store.commit(sampleChange({ runId: 'run-10' }));
      for (const n of [0, 1, 2]) await post('run-1', n);
      await post('run-10', 'other');
      const [first, , last] = idsOf(await receive('run-1'));
      await post('run-1', 'later');
      const received = [first ?? '', last ?? '', 'no such id', '', "it's none"];
      await store.commit(sampleChange({ revision: 2, received }));
      expectSame('left', await messages('run-1'), [1, 'later']);
      expectSame('inbox of the other run', await messages('run-10'), ['other']);
      await store.commit(sampleChange({ revision: 3, received: idsOf(await receive('run-1')) }));
      expectSame('left at the end', await messages('run-1'), []);
    },
  },
  {
    name: 'inbox: a commit that creates or imports a run deletes messages too',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive, messages } = inboxOf(store);
      await post('run-1', 1);
      await store.commit(sampleChange({ received: idsOf(await receive('run-1')) }));
      expectSame('left of a new run', await messages('run-1'), []);
      await post('run-2', 2);
      const received = idsOf(await receive('run-2'));
      await store.commit(sampleChange({ runId: 'run-2', revision: 7, import: true, received }));
      expectSame('left of an imported run', await messages('run-2'), []);
    },
  },
  {
    name: 'inbox: a refused or repeated commit deletes no messages',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive, messages } = inboxOf(store);
      await store.commit(sampleChange());
      await post('run-1', 1);
      const received = idsOf(await receive('run-1'));
      const refused = [{ revision: 3 }, { commitId: 'a rival' }, { runId: 'run-2', revision: 2 }];
      for (const sample of refused)
        await expectConflict('commit', store.commit(sampleChange({ ...sample, received })));
      expectSame('after the conflicts', await messages('run-1'), [1]);
      const change = sampleChange({ revision: 2, received });
      await store.commit(change);
      await post('run-1', 2);
      const later = await receive('run-1');
      await store.commit({ ...change, received: idsOf(later) });
      expectSame('after the repeated commit', await receive('run-1'), later);
    },
  },
  {
    name: 'inbox: ids of deleted messages are not used again',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive } = inboxOf(store);
      const ids: string[] = [];
      for (const revision of [1, 2, 3]) {
        await post('run-1', revision);
        const received = idsOf(await receive('run-1'));
        await store.commit(sampleChange({ revision, received }));
        ids.push(...received);
      }
      expectSame('different ids', new Set(ids).size, 3);
    },
  },
  {
    name: 'inbox: a message can be any JSON, and the store shares no objects with it',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive, messages } = inboxOf(store);
      const list = [1];
      const given: InboxMessage[] = [
        null,
        false,
        0,
        '',
        "it's 🚣",
        { callId: 'call_1', output: { list } },
        [[]],
      ];
      const expected = structuredClone(given);
      for (const message of given) await post('run-1', message);
      list.push(2);
      const received = await receive('run-1');
      expectSame(
        'received',
        received.map(({ message }) => message),
        expected,
      );
      received.length = 0;
      expectSame('received again', await messages('run-1'), expected);
    },
  },
  {
    name: 'inbox: a post needs no revision and does not affect commits',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive } = inboxOf(store);
      await store.commit(sampleChange());
      await post('run-1', 1);
      const change = sampleChange({ revision: 2 });
      await store.commit(change);
      await receive('run-1');
      expectSame('load', await store.load('run-1'), { head: change.head, items: [] });
    },
  },
  {
    name: 'inbox: concurrent posts and commits do not lose a message',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive, messages } = inboxOf(store);
      const committed: InboxMessage[] = [];
      const driver = (async () => {
        for (const revision of numbers) {
          const received = await receive('run-1');
          await store.commit(sampleChange({ revision: revision + 1, received: idsOf(received) }));
          committed.push(...received.map(({ message }) => message));
        }
      })();
      const sender = (async () => {
        for (const n of numbers) await post('run-1', n);
      })();
      await Promise.all([driver, sender]);
      expectSame('committed or left, sorted', sorted([...committed, ...(await messages('run-1'))]), numbers);
    },
  },
  {
    name: 'inbox: several stores over the same data share the inbox of a run',
    needs: ['inbox', 'sharing'],
    async check({ store, open }) {
      const other = await open();
      const here = inboxOf(store);
      const there = inboxOf(other);
      for (const n of numbers) await (n % 2 === 0 ? here : there).post('run-1', n);
      const received = await here.receive('run-1');
      expectSame(
        'received here',
        received.map(({ message }) => message),
        numbers,
      );
      expectSame('received there', await there.receive('run-1'), received);
      await other.commit(sampleChange({ received: idsOf(received.slice(0, 15)) }));
      expectSame('left here', await here.receive('run-1'), received.slice(15));
      expectSame('left there', await there.receive('run-1'), received.slice(15));
    },
  },
  {
    name: 'inbox: delete removes the inbox of the run',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive } = inboxOf(store);
      await store.commit(sampleChange());
      await post('run-1', 'for the deleted run');
      await store.delete('run-1');
      expectSame('inbox after the delete', await receive('run-1'), []);
    },
  },
];
