import { expect, test } from 'vitest';
import { memoryStore } from '../../store/memory-store.ts';
import type { RunStore } from '../../store/run-store.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { boundedStore } from './bounded-store.ts';

const silent = <T>(): Promise<T> => new Promise(() => undefined);

test.each<[string, Partial<RunStore>, (store: RunStore) => Promise<unknown> | undefined]>([
  ['list', { list: silent }, (store) => store.list()],
  ['look', { look: silent }, (store) => store.look?.(['run-1'])],
  ['undriven', { undriven: silent }, (store) => store.undriven?.(['a'])],
  ['listThreadRuns', { listThreadRuns: silent }, (store) => store.listThreadRuns?.('a')],
  ['listThreads', { listThreads: silent }, (store) => store.listThreads?.()],
])('a call of `%s` without an answer for 30 s is `unavailable`', async (_method, change, call) => {
  const clock = manualClock();
  const store = boundedStore({ ...memoryStore({ clock }), ...change }, clock);
  let failure: unknown;
  call(store)?.catch((error: unknown) => {
    failure = error;
  });
  await clock.advance(29_999);
  expect(failure).toBeUndefined();
  await clock.advance(1);
  expect(failure).toMatchObject({ code: 'unavailable' });
});

test('the methods of a store that is a class keep their `this`', async () => {
  class OwnStore implements RunStore {
    readonly #memory = memoryStore();
    load = this.#memory.load;
    commit = this.#memory.commit;
    list = this.#memory.list;
    delete = this.#memory.delete;
    undriven(agents: readonly string[]): ReturnType<NonNullable<RunStore['undriven']>> {
      return this.#memory.undriven(agents);
    }
  }
  const store = boundedStore(new OwnStore(), manualClock());
  await store.commit(sampleChange());
  expect(await store.undriven?.(['agent-1'])).toEqual([{ runId: 'run-1', agent: 'agent-1' }]);
  expect(store.look).toBeUndefined();
});
