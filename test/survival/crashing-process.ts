import { fetchClient, type Clock, type ResponsesClient, type RunStore } from '@longhaul/core';
import type { Perform } from './scripted-run.ts';

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A moment in a process: before or after the action at its point with the index `at`. */
export interface Moment {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** The ports of one process. After its death they have no effect, and their promises do not settle. */
export interface CrashingProcess {
  readonly dead: boolean;
  /** The saves, requests and tool effects of the process so far. */
  readonly points: readonly string[];
  readonly clock: Clock;
  readonly store: RunStore;
  readonly client: ResponsesClient;
  readonly perform: Perform;
  die(): void;
}

const never: Promise<never> = new Promise(() => undefined);

/**
 * A simulated process that can be killed. After its death it sends, saves and executes nothing, its promises stay
 * pending, and its sockets close.
 */
export function crashingProcess(
  world: { readonly clock: Clock; readonly store: RunStore; readonly fetch: Fetch },
  /** Called at each moment. It may kill the process. */
  observe: (moment: Moment, process: { die(): void }) => void = () => undefined,
): CrashingProcess {
  const points: string[] = [];
  const end = new AbortController();
  const dead = (): boolean => end.signal.aborted;

  const die = (): void => end.abort();

  async function living<T>(act: () => PromiseLike<T> | T): Promise<T> {
    if (dead()) return never;
    try {
      const value = await act();
      return dead() ? never : value;
    } catch (error) {
      if (dead()) return never;
      throw error;
    }
  }

  async function point<T>(name: string, act: () => PromiseLike<T> | T): Promise<T> {
    return living(async () => {
      const at = points.push(name) - 1;
      observe({ at, when: 'before' }, { die });
      if (dead()) return never;
      const value = await act();
      observe({ at, when: 'after' }, { die });
      return value;
    });
  }

  const { store } = world;
  const { claim, release, post, receive } = store;
  const dyingStore: RunStore = {
    load: (runId) => living(() => store.load(runId)),
    commit: (change) => point(`save ${change.head.phase.type}`, () => store.commit(change)),
    list: (filter) => living(() => store.list(filter)),
    delete: (runId) => living(() => store.delete(runId)),
    // The store has no `watch`, so a follower polls for an expired claim.
    ...(claim && { claim: (runId, owner, ttlMs) => living(() => claim(runId, owner, ttlMs)) }),
    ...(release && { release: (runId, owner) => living(() => release(runId, owner)) }),
    ...(post && { post: (runId, message) => living(() => post(runId, message)) }),
    ...(receive && { receive: (runId) => living(() => receive(runId)) }),
  };

  const fetch: Fetch = (input, init) => {
    const url = String(input);
    const what = `${init?.method ?? 'GET'} ${url.endsWith('/cancel') ? 'cancel' : url.includes('stream=') ? 'stream' : url.endsWith('/responses') ? 'create' : 'retrieve'}`;
    return point(what, async () => {
      const signal = init?.signal ? AbortSignal.any([init.signal, end.signal]) : end.signal;
      const response = await world.fetch(input, { ...init, signal });
      if (response.body === null) return response;
      const reader = response.body.getReader();
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) =>
          living(async () => {
            const { done, value } = await reader.read();
            if (done) controller.close();
            else controller.enqueue(value);
          }),
        cancel: (reason) => reader.cancel(reason),
      });
      return new Response(body, { status: response.status, headers: response.headers });
    });
  };

  return {
    get dead() {
      return dead();
    },
    points,
    clock: {
      now: () => world.clock.now(),
      sleep: (ms, signal) => living(() => world.clock.sleep(ms, signal)),
    },
    store: dyingStore,
    client: fetchClient({ baseURL: 'http://openai.test/v1', fetch }),
    perform: ({ tool }, effect) => point(`tool ${tool}`, effect),
    die,
  };
}
