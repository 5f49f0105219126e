import type { InboxMessage, RunStore } from '../../store/run-store.ts';
import { expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

interface Inbox {
  post(runId: string, message: InboxMessage): Promise<void>;
  receive(runId: string): Promise<InboxMessage[]>;
}

function inboxOf(store: RunStore): Inbox {
  if (!store.post || !store.receive)
    throw new Error("The store has no post and receive: name 'inbox' in `omit`.");
  return {
    post: async (runId, message) => store.post?.(runId, message),
    receive: async (runId) => (await store.receive?.(runId)) ?? [],
  };
}

const numbers = Array.from({ length: 20 }, (_, n) => n);

function sorted(messages: readonly InboxMessage[]): number[] {
  return messages.map(Number).toSorted((a, b) => a - b);
}

/** Decisions and cancels from elsewhere: none lost, none twice. */
export const inboxCases: readonly StoreCase[] = [
  {
    name: 'inbox: messages are received once, oldest first, by their own run',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive } = inboxOf(store);
      await store.commit(sampleChange());
      expectSame('an empty inbox', await receive('run-1'), []);
      for (const n of numbers) await post('run-1', { n });
      await post('run-10', 'other');
      expectSame(
        'received',
        await receive('run-1'),
        numbers.map((n) => ({ n })),
      );
      expectSame('received again', await receive('run-1'), []);
      await post('run-1', 'later');
      expectSame('received later', await receive('run-1'), ['later']);
      expectSame('inbox of the other run', await receive('run-10'), ['other']);
    },
  },
  {
    name: 'inbox: a message is any JSON, and the store shares nothing with it',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive } = inboxOf(store);
      const list = [1];
      const messages: InboxMessage[] = [
        null,
        false,
        0,
        '',
        "it's 🚣",
        { callId: 'call_1', output: { list } },
        [[]],
      ];
      const expected = structuredClone(messages);
      for (const message of messages) await post('run-1', message);
      list.push(2);
      expectSame('received', await receive('run-1'), expected);
    },
  },
  {
    name: 'inbox: posting needs no revision and disturbs no save',
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
    name: 'inbox: whatever is posted and received at once, each message is received exactly once',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive } = inboxOf(store);
      const received: InboxMessage[] = [];
      await Promise.all(
        numbers.map(async (n) => {
          await post('run-1', n);
          received.push(...(await receive('run-1')));
        }),
      );
      received.push(...(await receive('run-1')));
      expectSame('all that was received, sorted', sorted(received), numbers);
    },
  },
  {
    name: 'inbox: several stores over the same data take each message once between them',
    needs: ['inbox', 'sharing'],
    async check({ store, open }) {
      const here = inboxOf(store);
      const there = inboxOf(await open());
      for (const n of numbers) await (n % 2 === 0 ? here : there).post('run-1', n);
      const parts = await Promise.all([here, there, here, there].map(({ receive }) => receive('run-1')));
      expectSame('all that was received, sorted', sorted(parts.flat()), numbers);
    },
  },
  {
    name: 'inbox: goes with its run when that is deleted',
    needs: ['inbox'],
    async check({ store }) {
      const { post, receive } = inboxOf(store);
      await store.commit(sampleChange());
      await post('run-1', 'for the run that was');
      await store.delete('run-1');
      expectSame('inbox after the delete', await receive('run-1'), []);
    },
  },
];
