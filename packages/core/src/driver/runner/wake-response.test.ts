import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../store/memory-store.ts';
import type { RunStore } from '../../store/run-store.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { wakeResponse } from './wake-response.ts';

const responseId = 'resp_1';
const head = { phase: { type: 'waiting', pending: { responseId, status: 'queued', since: 1 } } };
const nobody = { lookSoon: () => undefined };

/** A store whose calls wait until the test lets them proceed, one at a time. */
class Turns {
  readonly #waiting = new Map<string, () => void>();

  /** The store of one process. Each of its calls waits for its turn. */
  storeOf(process: string, store: RunStore): RunStore {
    const wait = (): Promise<void> => new Promise((resolve) => this.#waiting.set(process, resolve));
    return new Proxy(store, {
      get: (target, name, receiver) => {
        const call: unknown = Reflect.get(target, name, receiver);
        if (typeof call !== 'function') return call;
        return async (...args: unknown[]) => {
          await wait();
          return Reflect.apply(call, target, args);
        };
      },
    });
  }

  /** The processes that wait, in the order of their names. */
  async open(): Promise<readonly string[]> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    return [...this.#waiting.keys()].toSorted();
  }

  let(process: string): void {
    const proceed = this.#waiting.get(process);
    this.#waiting.delete(process);
    proceed?.();
  }
}

interface World {
  readonly turns: Turns;
  readonly store: RunStore;
  readonly work: readonly Promise<unknown>[];
  check(order: readonly string[]): Promise<void>;
}

/** Performs every order in which the calls of the processes of a world can follow each other. @returns their number */
async function everyOrder(make: () => World): Promise<number> {
  let orders = 0;
  const open: number[][] = [[]];
  for (let plan = open.pop(); plan !== undefined; plan = open.pop()) {
    const world = make();
    const order: string[] = [];
    for (let at = 0; ; at += 1) {
      const waiting = await world.turns.open();
      if (waiting.length === 0) break;
      const choice = plan[at] ?? 0;
      // The first visit of a place adds the other choices there.
      if (at >= plan.length)
        for (let other = 1; other < waiting.length; other += 1)
          open.push([...plan, ...Array.from({ length: at - plan.length }, () => 0), other]);
      const process = waiting[choice] ?? '';
      order.push(process);
      world.turns.let(process);
    }
    await Promise.all(world.work);
    await world.check(order);
    orders += 1;
  }
  return orders;
}

/** A loop that saves the id of its response and then takes a webhook, and handlers that receive the webhook. */
function race(handlers: readonly string[], { isSaved = false } = {}): World {
  const turns = new Turns();
  const store = memoryStore();
  const loopStore = turns.storeOf('loop', store);
  let isWoken = false;
  const loop = async (): Promise<void> => {
    await loopStore.commit(sampleChange({ head }));
    isWoken = (await loopStore.takeWebhook?.(responseId)) === true;
  };
  const results: boolean[] = [];
  const handle = async (name: string): Promise<void> => {
    results.push(await wakeResponse(turns.storeOf(name, store), [], nobody, responseId));
  };
  if (isSaved) void store.commit(sampleChange({ head }));
  return {
    turns,
    store,
    work: [...(isSaved ? [] : [loop()]), ...handlers.map(handle)],
    check: async (order) => {
      const posted = await store.receive('run-1');
      const what = order.join(' ');
      expect(isWoken || posted.length > 0, `a webhook is noticed: ${what}`).toBe(true);
      expect(await store.takeWebhook(responseId), `nothing is left: ${what}`).toBe(false);
      expect(isWoken || results.includes(true), `a handler reports it: ${what}`).toBe(true);
      for (const { message } of posted) expect(message).toEqual({ type: 'woken', responseId });
    },
  };
}

describe('a webhook that comes while the id of its response is saved is noticed', () => {
  test('in every order of the calls', async () => {
    expect(await everyOrder(() => race(['a']))).toBeGreaterThan(9);
  });

  test('in every order of the calls, if it is delivered twice at the same time', async () => {
    expect(await everyOrder(() => race(['a', 'b']))).toBeGreaterThan(300);
  });

  test('if it comes after the save, each time', async () => {
    expect(await everyOrder(() => race(['a', 'b'], { isSaved: true }))).toBeGreaterThan(5);
  });
});

/** A run of this process. */
function runHere(isDriven: boolean, awaited: string | undefined = responseId) {
  const woken: string[] = [];
  const wake = (id: string): boolean => {
    if (isDriven) woken.push(id);
    return isDriven;
  };
  return { woken, run: { id: 'run-1', responseId: awaited, wake } };
}

describe('a webhook wakes its run', () => {
  test('without the store, if this process drives the run', async () => {
    const { woken, run } = runHere(true);
    expect(await wakeResponse(memoryStore(), [run], nobody, responseId)).toBe(true);
    expect(woken).toEqual([responseId]);
  });

  test('if the loop here has not processed the answer to its save yet', async () => {
    const store = memoryStore();
    await store.commit(sampleChange({ head }));
    const { woken, run } = runHere(true, 'resp_0');
    expect(await wakeResponse(store, [run], nobody, responseId)).toBe(true);
    expect(woken).toEqual([responseId]);
    expect(await store.receive('run-1')).toEqual([]);
  });

  test('by a message, if this process only follows the run, and lets a runner without its process adopt it', async () => {
    const store = memoryStore();
    await store.commit(sampleChange({ head }));
    const looks: [string, boolean][] = [];
    const adoption = { lookSoon: (...look: [string, boolean]) => void looks.push(look) };
    expect(await wakeResponse(store, [runHere(false).run], adoption, responseId)).toBe(true);
    expect(await store.receive('run-1')).toMatchObject([{ message: { type: 'woken', responseId } }]);
    expect(looks).toEqual([['run-1', true]]);
  });

  test('that cancels the response, too', async () => {
    const store = memoryStore();
    await store.commit(sampleChange({ head: { phase: { ...head.phase, type: 'cancelling' } } }));
    expect(await wakeResponse(store, [], nobody, responseId)).toBe(true);
  });
});

test('an unknown response is remembered, even if its webhook comes several times', async () => {
  const store = memoryStore();
  for (let times = 0; times < 3; times += 1)
    expect(await wakeResponse(store, [], nobody, responseId)).toBe(false);
  expect(await store.takeWebhook(responseId)).toBe(true);
  expect(await store.takeWebhook(responseId)).toBe(false);
});

describe('a store without the methods for webhooks', () => {
  test('is searched with `list`, without runs that have ended', async () => {
    const { findByResponse: _find, rememberWebhook: _remember, takeWebhook: _take, ...store } = memoryStore();
    await store.commit(sampleChange({ runId: 'over', status: 'completed', head }));
    expect(await wakeResponse(store, [], nobody, responseId)).toBe(false);
    await store.commit(sampleChange({ head }));
    expect(await wakeResponse(store, [], nobody, responseId)).toBe(true);
    expect(await store.receive('run-1')).toHaveLength(1);
    expect(await wakeResponse(store, [], nobody, 'resp_2')).toBe(false);
  });

  test('and without an inbox cannot reach another process', async () => {
    const { load, list, delete: remove, commit } = memoryStore();
    const store: RunStore = { load, list, delete: remove, commit };
    await store.commit(sampleChange({ head }));
    expect(await wakeResponse(store, [], nobody, responseId)).toBe(false);
  });

  test('that returns null for no run is accepted', async () => {
    const store = { ...memoryStore(), findByResponse: async () => JSON.parse('null') };
    expect(await wakeResponse(store, [], nobody, responseId)).toBe(false);
  });
});

test.each(['findByResponse', 'rememberWebhook', 'takeWebhook', 'post'] as const)(
  'if `%s` of the store fails, the call rejects with a StoreError, and can be repeated',
  async (method) => {
    const memory = memoryStore();
    let fails = true;
    const failing = async (...args: unknown[]): Promise<unknown> => {
      if (fails) throw new Error('down');
      return Reflect.apply(memory[method], memory, args);
    };
    const store: RunStore = { ...memory, [method]: failing };
    // The id is saved after the first look.
    const late = {
      ...store,
      rememberWebhook: async (id: string) => {
        await store.rememberWebhook?.(id);
        await memory.commit(sampleChange({ head })).catch(() => undefined);
      },
    };
    await expect(wakeResponse(late, [], nobody, responseId)).rejects.toMatchObject({
      name: 'StoreError',
      code: 'unavailable',
      message: expect.stringContaining('down'),
    });
    fails = false;
    expect(await wakeResponse(late, [], nobody, responseId)).toBe(true);
    expect(await memory.receive('run-1')).toHaveLength(1);
  },
);

test.each(['', '.', '..', '\ud800', 7, null, undefined])('%j is not the id of a response', async (id) => {
  await expect(
    wakeResponse(memoryStore(), [], nobody, JSON.parse(JSON.stringify(id ?? null))),
  ).rejects.toThrow('`responseId` must be the id of a response');
});
