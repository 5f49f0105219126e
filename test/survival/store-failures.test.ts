import { LonghaulError, StoreError, type RunStore } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import { watched } from './drive.ts';
import { executed } from './scripted-run.ts';
import { type World, world } from './world.ts';

const everyToolOnce = { search: 1, reserve: 1, book: 1 };

/** A store whose calls fail with the error that `failure` returns, if any. */
function failingStore(store: RunStore, failure: (method: string) => Error | undefined): RunStore {
  const wrap = <Args extends unknown[], Result>(
    method: string,
    call: ((...args: Args) => Promise<Result>) | undefined,
  ) =>
    call && {
      [method]: async (...args: Args): Promise<Result> => {
        const error = failure(method);
        if (error !== undefined) throw error;
        return call(...args);
      },
    };
  return {
    ...store,
    ...wrap('load', store.load),
    ...wrap('commit', store.commit),
    ...wrap('list', store.list),
    ...wrap('claim', store.claim),
    ...wrap('post', store.post),
    ...wrap('receive', store.receive),
  };
}

/** The number of saves of a run without faults. */
async function savesOf(): Promise<number> {
  const { agent, boot, settle } = world();
  const { runner, points } = boot();
  await settle(runner.start(agent, 'Paris?').result());
  return points.filter((point) => point.startsWith('save')).length;
}

/** A world whose store fails for `forMs`, from the save with the index `save` on. */
function failsAt(save: number, forMs: number, make: () => Error) {
  const here: World = world();
  let saves = 0;
  let since: number | undefined;
  const isNow = (): boolean => since !== undefined && here.clock.now() < since + forMs;
  const process = here.boot({
    wrapStore: (store) =>
      failingStore(store, (method) => {
        if (method === 'commit' && since === undefined && saves++ === save) since = here.clock.now();
        return isNow() ? make() : undefined;
      }),
  });
  return { ...here, process, isNow, since: () => since };
}

/** The first StoreError among an error and its causes. */
function storeErrorIn(error: unknown): unknown {
  for (let link = error; link instanceof Error; link = link.cause)
    if (StoreError.isInstance(link)) return link;
  return undefined;
}

describe('a store that is unavailable', () => {
  test('for half a minute, at any save: the run retries the save before other requests, and completes', async () => {
    const saves = await savesOf();
    for (let save = 0; save < saves; save += 1) {
      const { agent, process, until, isNow, answer, executions, emulator, since } = failsAt(
        save,
        30_000,
        () => new StoreError('unavailable', 'the disk is full'),
      );
      const run = process.runner.start(agent, 'Paris?', { runId: 'run-1' });
      const result = watched(run.result());
      await until(() => since() !== undefined);
      const { length } = process.points;
      await until(() => !isNow());
      expect(process.points.length, `sent while save ${save} was outstanding`).toBe(length);
      await until(() => result.settled);
      expect(result.value?.text).toBe(answer);
      expect(executed(executions)).toEqual(everyToolOnce);
      expect(emulator.generations).toBe(3);
    }
  });

  test('for more than a minute, at any save: driving stops, and the run can be resumed', async () => {
    const saves = await savesOf();
    for (let save = 0; save < saves; save += 1) {
      const { agent, process, until, settle, boot, clock, answer, executions, emulator, store, since } =
        failsAt(save, 200_000, () => new StoreError('unavailable', 'the disk is full'));
      const run = process.runner.start(agent, 'Paris?', { runId: 'run-1' });
      const result = watched(run.result());
      await until(() => result.settled);
      expect(LonghaulError.isInstance(result.error)).toBe(true);
      expect(result.error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('run-1') });
      expect(storeErrorIn(result.error)).toMatchObject({ code: 'unavailable', message: 'the disk is full' });
      expect(clock.now() - (since() ?? 0)).toBeGreaterThanOrEqual(60_000);
      expect(clock.now() - (since() ?? 0)).toBeLessThanOrEqual(70_000);
      expect(run.view.driver).toBe('none');
      const { length } = process.points;
      await clock.advance(300_000);
      expect(process.points.length).toBe(length);
      const later = boot();
      if ((await store.load('run-1')) === undefined) {
        expect(emulator.requests).toEqual([]);
        continue;
      }
      const again = await settle(later.runner.resume(agent, 'run-1'));
      expect((await settle(again.result())).text).toBe(answer);
      const interrupted = again.view.toolCalls
        .filter(({ status }) => status === 'interrupted')
        .map(({ name }) => name);
      // Only the idempotent tool may have been executed twice.
      expect(executed(executions)).toMatchObject({ reserve: 1, book: 1 });
      // The interrupted tool was executed, but its result was not saved.
      expect(interrupted.every((name) => name === 'reserve' || name === 'book')).toBe(true);
      // A create with an unknown outcome is sent once more.
      expect(emulator.generations).toBeLessThanOrEqual(again.view.warnings.length === 0 ? 3 : 4);
    }
  });

  test('at a start, a resume or a decision: the run waits for the store', async () => {
    const { agent, boot, settle, until, clock, answer, emulator } = world({ people: true });
    const since = clock.now();
    const down = (store: RunStore): RunStore =>
      failingStore(store, () =>
        clock.now() < since + 40_000 ? new StoreError('unavailable', 'starting up') : undefined,
      );
    const first = boot({ wrapStore: down });
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await clock.advance(39_000);
    expect(emulator.requests).toEqual([]);
    await until(() => run.view.status === 'requires_action');
    first.die();
    let outage = clock.now();
    const later = (store: RunStore): RunStore =>
      failingStore(store, () =>
        clock.now() < outage + 20_000 ? new StoreError('unavailable', 'again') : undefined,
      );
    const second = boot({ wrapStore: later });
    const again = await settle(second.runner.resume(agent, 'run-1'));
    await clock.advance(20_000);
    outage = clock.now();
    await settle(
      again.respond([
        { type: 'approve', callId: 'call_book' },
        { type: 'output', callId: 'call_ask', output: 9 },
      ]),
    );
    expect((await settle(again.result())).text).toBe(answer);
  });

  test('after a save that it stored: the retry of that save is not a conflict', async () => {
    const { agent, boot, settle, answer, store } = world();
    let saves = 0;
    const { runner } = boot({
      wrapStore: (own) => ({
        ...own,
        commit: async (change) => {
          await own.commit(change);
          if (saves++ % 2 === 0) throw new StoreError('unavailable', 'the answer was lost');
        },
      }),
    });
    const run = runner.start(agent, 'Paris?', { runId: 'run-1' });
    expect((await settle(run.result())).text).toBe(answer);
    const { head, items } = (await store.load('run-1')) ?? {};
    expect(items?.filter(({ type }) => type === 'iteration')).toHaveLength(3);
    expect(head?.revision).toBeGreaterThan(10);
  });
});

test.each([
  ['a conflict', () => new StoreError('conflict', 'another process saved'), 'conflict'],
  ['an error that is not a StoreError', () => new TypeError('a bug of the store'), 'unavailable'],
])('%s at any save stops driving immediately, and no request follows', async (_name, make, code) => {
  const saves = await savesOf();
  for (let save = 0; save < saves; save += 1) {
    const { agent, process, until, clock, since, store } = failsAt(save, Number.POSITIVE_INFINITY, make);
    const run = process.runner.start(agent, 'Paris?', { runId: 'run-1' });
    const result = watched(run.result());
    await until(() => result.settled);
    expect(LonghaulError.isInstance(result.error)).toBe(true);
    expect(result.error).toMatchObject({ code });
    expect(storeErrorIn(result.error)).toMatchObject({
      code,
      message: expect.stringContaining(make().message),
    });
    expect(clock.now()).toBe(since());
    const { length } = process.points;
    await clock.advance(300_000);
    expect(process.points.length, `sent after save ${save} had failed`).toBe(length);
    // The view has the saved state, so it does not show an end that was not saved.
    expect(run.view.status).not.toBe('completed');
    expect(run.view.driver).toBe('none');
    expect((await store.load('run-1'))?.head.status).not.toBe('completed');
  }
});
