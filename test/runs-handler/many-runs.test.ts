import { memoryStore, StoreError, type RunStore } from '@longhaul/core';
import { manualClock } from '@longhaul/core/testing';
import { describe, expect, test } from 'vitest';
import { until } from '../proxy/until.ts';
import { EventMessages, readEventOfRun } from './event-messages.ts';
import { readError, readList } from './read-answers.ts';
import { startRunsSite, type RunsSite } from './runs-site.ts';

/** Starts these runs of ann, and waits for their ends. */
async function startAll(site: RunsSite, ids: readonly string[]): Promise<void> {
  for (const runId of ids) {
    await site.post('/runs', { runId, agent: 'support', input: 'Hi' });
    await site.runner.get(runId)?.done();
  }
}

const idsOf = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `run-${at}`);
const noLimits = { startsPerMinute: Number.POSITIVE_INFINITY };

describe('a stream of many runs', () => {
  test('loads at most eight of them at the same time', async () => {
    const store = memoryStore();
    const ids = idsOf(40);
    await using one = await startRunsSite({ store, limits: noLimits });
    await startAll(one, ids);
    let loading = 0;
    let most = 0;
    const counted: RunStore = {
      ...store,
      load: async (runId) => {
        loading += 1;
        most = Math.max(most, loading);
        await new Promise((resolve) => setTimeout(resolve, 2));
        loading -= 1;
        return store.load(runId);
      },
    };
    await using two = await startRunsSite({ store: counted, api: one.api });
    await using events = new EventMessages(await two.ask(`/events?runs=${ids.join(',')}`));
    const ended = new Set<string>();
    await events.until(({ event, data }) => event === 'end' && ended.add(data).size === ids.length);
    expect(most).toBe(8);
  });

  test('shows the others while one of them is slow, each with its view first', async () => {
    const store = memoryStore();
    const ids = idsOf(20);
    await using one = await startRunsSite({ store, limits: noLimits });
    await startAll(one, ids);
    const slow = Promise.withResolvers<void>();
    const delayed: RunStore = {
      ...store,
      load: async (runId) => {
        if (runId === 'run-0') await slow.promise;
        return store.load(runId);
      },
    };
    await using two = await startRunsSite({ store: delayed, api: one.api });
    await using events = new EventMessages(await two.ask(`/events?runs=${ids.join(',')}`));
    const ended = new Set<string>();
    const others = await events.until(({ event, data }) => event === 'end' && ended.add(data).size === 19);
    const shown = others.flatMap((message) => (message.event === undefined ? [readEventOfRun(message)] : []));
    expect(shown.map(({ event }) => event.type)).toEqual(Array.from({ length: 19 }, () => 'view'));
    slow.resolve();
    expect((await events.until(({ event }) => event === 'end')).at(-1)?.data).toBe('{"runId":"run-0"}');
  });

  test('that fails is closed and reported once, and loads no more runs', async () => {
    const store = memoryStore();
    const ids = idsOf(30);
    await using one = await startRunsSite({ store, limits: noLimits });
    await startAll(one, ids);
    let loads = 0;
    const broken: RunStore = {
      ...store,
      load: () => {
        loads += 1;
        return Promise.reject(new Error('the disk is gone'));
      },
    };
    await using two = await startRunsSite({ store: broken, api: one.api });
    await using events = new EventMessages(await two.ask(`/events?runs=${ids.join(',')}`));
    await events.until();
    expect(two.errors).toHaveLength(1);
    expect(loads).toBeLessThanOrEqual(8);
  });
});

test('the list of a visitor who may read few of their runs takes a bounded number of queries', async () => {
  const store = memoryStore();
  let queries = 0;
  const counted: RunStore = {
    ...store,
    list: (filter) => {
      queries += 1;
      return store.list(filter);
    },
  };
  const ids = idsOf(150);
  await using site = await startRunsSite({
    store: counted,
    limits: noLimits,
    may: (principal, { owner, runId }) => owner === principal && ['run-0', 'run-1'].includes(runId),
  });
  await startAll(site, ids);
  const listed = async (query: string): Promise<readonly string[]> => {
    queries = 0;
    return (await readList(await site.ask(`/runs${query}`))).map(({ runId }) => runId);
  };
  expect(await listed('?limit=1')).toEqual(['run-1']);
  expect(queries).toBe(2);
  expect(await listed('?limit=1&after=run-1')).toEqual(['run-0']);
  expect(await listed('')).toEqual(['run-1', 'run-0']);
  expect(queries).toBe(2);
  expect(await listed('?limit=0')).toEqual([]);
  expect(queries).toBe(0);
});

test('a list of a failing store is one 503, and the queries end with the answer', async () => {
  const store = memoryStore();
  const clock = manualClock();
  let queries = 0;
  let state: 'fails' | 'waits' = 'fails';
  const late = Promise.withResolvers<void>();
  const broken: RunStore = {
    ...store,
    list: async (filter) => {
      queries += 1;
      if (state === 'fails') throw new StoreError('unavailable', '10.0.0.7 is down');
      await late.promise;
      return store.list(filter);
    },
  };
  await using one = await startRunsSite({ store });
  await startAll(one, ['run-0', 'run-1', 'run-2']);
  await using two = await startRunsSite({ store: broken, api: one.api, clock, may: () => false });
  queries = 0;
  const failed = await two.ask('/runs?limit=1');
  expect(failed.status).toBe(503);
  expect(await readError(failed)).toMatchObject({ code: 'unavailable' });
  expect([queries, two.errors.length]).toEqual([1, 1]);
  state = 'waits';
  queries = 0;
  const slow = two.ask('/runs?limit=1');
  await until(() => queries === 1);
  await clock.advance(10_000);
  expect((await slow).status).toBe(503);
  late.resolve();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(queries).toBe(1);
});
