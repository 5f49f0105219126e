import type { RunStore } from '../../store/run-store.ts';
import type { JsonObject } from '../../wire/json.ts';
import { expectSame } from './expectations.ts';
import { sampleChange } from './sample-run.ts';
import type { StoreCase } from './store-case.ts';

interface Webhooks {
  find(responseId: string): Promise<string | undefined>;
  remember(responseId: string): Promise<void>;
  take(responseId: string): Promise<boolean>;
}

/** The methods for webhooks. Undefined if the store does not have them. */
function webhooksOf(store: RunStore): Webhooks | undefined {
  const { findByResponse, rememberWebhook, takeWebhook } = store;
  if (!findByResponse && !rememberWebhook && !takeWebhook) return undefined;
  if (!findByResponse || !rememberWebhook || !takeWebhook)
    throw new Error('The store has only some of findByResponse, rememberWebhook and takeWebhook.');
  return {
    find: (responseId) => findByResponse.call(store, responseId),
    remember: (responseId) => rememberWebhook.call(store, responseId),
    take: (responseId) => takeWebhook.call(store, responseId),
  };
}

/** The `head` of a sample run that waits for a response, or cancels it. */
function awaiting(
  responseId: string,
  type: 'waiting' | 'cancelling' = 'waiting',
): { readonly head: JsonObject } {
  return { head: { phase: { type, pending: { responseId, status: 'queued', since: 1 } } } };
}

const hoursMs = 3_600_000;

/** Finding the run of a webhook, and remembering webhooks, if the store supports it. */
export const webhookCases: readonly StoreCase[] = [
  {
    name: 'webhooks: findByResponse returns the run that waits for the response, or cancels it',
    needs: [],
    async check({ store }) {
      const webhooks = webhooksOf(store);
      if (!webhooks) return;
      const { find } = webhooks;
      expectSame('an empty store', await find('resp_1'), undefined);
      await store.commit(sampleChange(awaiting('resp_1')));
      await store.commit(sampleChange({ runId: 'run-2', ...awaiting('resp_2', 'cancelling') }));
      const others: readonly JsonObject[] = [
        { phase: { type: 'creating' }, attempts: [{ responseId: 'resp_3' }] },
        { phase: { type: 'tools', responseId: 'resp_3', calls: [] } },
        { phase: { type: 'cancelling', pending: null } },
        { phase: { type: 'done', pending: { responseId: 'resp_3' } } },
        { phase: null },
        {},
      ];
      for (const [n, head] of others.entries())
        await store.commit(sampleChange({ runId: `other-${n}`, head }));
      expectSame('a run that waits', await find('resp_1'), 'run-1');
      expectSame('a run that cancels', await find('resp_2'), 'run-2');
      expectSame('a response that no run waits for', await find('resp_3'), undefined);
      expectSame('an empty id', await find(''), undefined);
      expectSame('part of an id', await find('resp_'), undefined);
    },
  },
  {
    name: 'webhooks: findByResponse reads the last commit of a run',
    needs: [],
    async check({ store }) {
      const webhooks = webhooksOf(store);
      if (!webhooks) return;
      const { find } = webhooks;
      await store.commit(sampleChange());
      await store.commit(sampleChange({ revision: 2, ...awaiting('resp_1') }));
      expectSame('after the second commit', await find('resp_1'), 'run-1');
      await store.commit(sampleChange({ revision: 3, ...awaiting('resp_1') }));
      expectSame('after another commit', await find('resp_1'), 'run-1');
      await store.commit(sampleChange({ revision: 4, head: { phase: { type: 'tools', calls: [] } } }));
      expectSame('while tools run', await find('resp_1'), undefined);
      await store.commit(sampleChange({ revision: 5, ...awaiting('resp_2') }));
      expectSame('the first response', await find('resp_1'), undefined);
      expectSame('the second response', await find('resp_2'), 'run-1');
      await store.delete('run-1');
      expectSame('after the delete', await find('resp_2'), undefined);
      await store.commit(sampleChange({ runId: 'run-2', revision: 7, import: true, ...awaiting('resp_2') }));
      expectSame('an imported run', await find('resp_2'), 'run-2');
    },
  },
  {
    name: 'webhooks: ids of responses may contain any characters',
    needs: [],
    async check({ store }) {
      const webhooks = webhooksOf(store);
      if (!webhooks) return;
      const ids = [
        "it's %_*",
        'resp/1?a=b',
        '🚣',
        'RESP_1',
        'resp_1',
        '__proto__',
        ' resp_1',
        'x'.repeat(512),
      ];
      for (const [n, id] of ids.entries())
        await store.commit(sampleChange({ runId: `run-${n}`, ...awaiting(id) }));
      for (const [n, id] of ids.entries()) expectSame(`find ${id}`, await webhooks.find(id), `run-${n}`);
      for (const id of ids) expectSame(`take ${id}`, await webhooks.take(id), false);
      for (const id of ids) await webhooks.remember(id);
      for (const id of ids) expectSame(`take ${id}`, await webhooks.take(id), true);
    },
  },
  {
    name: 'webhooks: a remembered webhook is taken once, and remembering it again changes nothing',
    needs: [],
    async check({ store }) {
      const webhooks = webhooksOf(store);
      if (!webhooks) return;
      const { remember, take, find } = webhooks;
      expectSame('before', await take('resp_1'), false);
      for (const id of ['resp_1', 'resp_1', 'resp_2']) await remember(id);
      expectSame('a webhook makes no run', await find('resp_1'), undefined);
      expectSame('taken', await take('resp_1'), true);
      expectSame('taken again', await take('resp_1'), false);
      expectSame('the other response', await take('resp_2'), true);
      await remember('resp_1');
      const taken = await Promise.all([1, 2, 3].map(() => take('resp_1')));
      expectSame('takers of the same webhook', taken.filter(Boolean).length, 1);
    },
  },
  {
    name: 'webhooks: a delete or a commit forgets no webhook',
    needs: [],
    async check({ store }) {
      const webhooks = webhooksOf(store);
      if (!webhooks) return;
      await webhooks.remember('resp_1');
      await store.commit(sampleChange(awaiting('resp_1')));
      expectSame('find', await webhooks.find('resp_1'), 'run-1');
      await store.delete('run-1');
      expectSame('take', await webhooks.take('resp_1'), true);
    },
  },
  {
    name: 'webhooks: a webhook is remembered for 72 hours',
    needs: ['expiry'],
    async check({ store, clock }) {
      const webhooks = webhooksOf(store);
      if (!webhooks) return;
      const { remember, take } = webhooks;
      await remember('early');
      await remember('repeated');
      await clock.advance(hoursMs);
      await remember('repeated');
      await remember('late');
      await clock.advance(71 * hoursMs - 1);
      expectSame('before the 72 hours', await take('early'), true);
      await remember('early');
      await clock.advance(hoursMs);
      expectSame('after 72 hours', await take('late'), true);
      await clock.advance(1);
      expectSame('after more than 72 hours', await take('repeated'), false);
      expectSame('remembered again', await take('early'), true);
    },
  },
  {
    name: 'webhooks: several stores over the same data share runs and webhooks',
    needs: ['sharing'],
    async check({ store, open }) {
      const other = await open();
      const [here, there] = [webhooksOf(store), webhooksOf(other)];
      if (!here || !there) return;
      await store.commit(sampleChange(awaiting('resp_1')));
      expectSame('the run of the other store', await there.find('resp_1'), 'run-1');
      await here.remember('resp_2');
      expectSame('the webhook of the other store', await there.take('resp_2'), true);
      expectSame('taken in the other store', await here.take('resp_2'), false);
      await here.remember('resp_3');
      const taken = await Promise.all([here.take('resp_3'), there.take('resp_3')]);
      expectSame('takers in both stores', taken.filter(Boolean).length, 1);
    },
  },
  {
    name: 'webhooks: a webhook that comes while its response is saved is found or taken',
    needs: ['sharing'],
    async check({ store, open }) {
      const other = await open();
      const [loop, handler] = [webhooksOf(store), webhooksOf(other)];
      if (!loop || !handler) return;
      for (let round = 1; round <= 20; round += 1) {
        const id = `resp_${round}`;
        const handling = (async (): Promise<boolean> => {
          if ((await handler.find(id)) !== undefined) return true;
          await handler.remember(id);
          return (await handler.find(id)) !== undefined;
        })();
        const driving = (async (): Promise<boolean> => {
          await store.commit(sampleChange({ revision: round, ...awaiting(id) }));
          return loop.take(id);
        })();
        const seen = await Promise.all([handling, driving]);
        expectSame(`the webhook of round ${round} is noticed`, seen.includes(true), true);
      }
    },
  },
];
