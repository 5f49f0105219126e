import { digest } from './digest.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { tooMany } from './request-cap.ts';

/** A place taken by a response that runs, or is about to. */
export interface RunningPlace {
  /** Ties the place to its response, so that whoever sees that end can give it back. */
  assign(responseId: string): Promise<void>;
  /** Gives the place back without a response. */
  free(): Promise<void>;
}

export interface RunningCap {
  /** Takes a place, or throws a `Refusal` where all are taken. */
  take(owner: string): Promise<RunningPlace>;
  /** A response was seen at its end. */
  ended(responseId: string): Promise<void>;
}

const unlimited: RunningCap = {
  take: async () => ({ assign: async () => undefined, free: async () => undefined }),
  ended: async () => undefined,
};

/** Nobody knows when a place comes free; a few seconds keep a waiting client from asking without pause. */
const retryAfterMs = 5_000;

/**
 * Counts running responses by numbered places, each an entry of its own that expires: one count would be lost or stay
 * for good with the first process that dies between its plus and its minus.
 */
export function createRunningCap(
  storage: ProxyStorage,
  concurrentResponses: number,
  concurrentMs: number,
): RunningCap {
  if (!Number.isFinite(concurrentResponses)) return unlimited;
  const placeOf = async (responseId: string): Promise<string> =>
    `longhaul-running:${await digest(responseId)}`;

  return {
    async take(owner) {
      const key = await digest(owner);
      for (let place = 0; place < concurrentResponses; place += 1) {
        const taken = `longhaul-place:${key}:${place}`;
        const holder = crypto.randomUUID();
        if (!(await storage.add(taken, holder, concurrentMs))) continue;
        return {
          assign: async (responseId) =>
            storage.set(await placeOf(responseId), `${taken}\n${holder}`, concurrentMs),
          free: () => giveBack(storage, taken, holder),
        };
      }
      throw tooMany(`Too many responses at once: this server runs ${concurrentResponses}.`, retryAfterMs);
    },

    async ended(responseId) {
      const key = await placeOf(responseId);
      const [taken, holder] = (await storage.get(key))?.split('\n') ?? [];
      if (taken === undefined || holder === undefined) return;
      await storage.delete(key);
      await giveBack(storage, taken, holder);
    },
  };
}

/** A place that expired may be another response's by now: that one keeps it. */
async function giveBack(storage: ProxyStorage, taken: string, holder: string): Promise<void> {
  if ((await storage.get(taken)) === holder) await storage.delete(taken);
}
