import { digest } from './digest.ts';
import { doubtMs } from './doubt.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { tooMany } from './request-cap.ts';
import { storageKey } from './storage-key.ts';

/** One of a principal's numbered places for running responses. A create takes it before it is sent. */
export interface RunningPlace {
  /** Assigns the place to a response, so that a request that receives the terminal response can release it. */
  assign(responseId: string): Promise<void>;
  /** Prolongs the reservation while the create is in flight. */
  renew(): Promise<void>;
  /** Keeps the place for minutes only, because a response with an unknown id may exist. */
  doubt(): Promise<void>;
  /** Releases the place of a create that started no response. */
  free(): Promise<void>;
}

export interface RunningCap {
  /** Takes a place. Throws a `Refusal` if all are taken. */
  take(owner: string): Promise<RunningPlace>;
  /** Called when a response is known to have ended. */
  ended(responseId: string): Promise<void>;
  /**
   * Called when a response is not found soon after its create. It may be found later, so its place is kept for minutes
   * only.
   */
  missing(responseId: string): Promise<void>;
  /** Called when a response is known to run. If it was missing, its place is kept for the full time again. */
  alive(responseId: string): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;
const unlimited: RunningCap = {
  take: async () => ({ assign: nothing, renew: nothing, doubt: nothing, free: nothing }),
  ended: nothing,
  missing: nothing,
  alive: nothing,
};

/**
 * The retry delay that a client receives if all places are taken. The proxy cannot predict when a place becomes free. A
 * few seconds prevent a waiting client from retrying without pause.
 */
const retryAfterMs = 5_000;

/** The place of a response, and the id of the claim on it. */
interface Held {
  readonly taken: string;
  readonly holder: string;
  readonly isMissing: boolean;
}

function writeHeld({ taken, holder, isMissing }: Held): string {
  return [taken, holder, ...(isMissing ? ['missing'] : [])].join('\n');
}

function readHeld(text: string | undefined): Held | undefined {
  const [taken, holder, mark] = text?.split('\n') ?? [];
  if (taken === undefined || holder === undefined) return undefined;
  return { taken, holder, isMissing: mark === 'missing' };
}

/**
 * Counts running responses with numbered places. Each place is an entry that expires. A single count would stay wrong
 * after a process died between its increment and its decrement.
 */
export function createRunningCap(
  storage: ProxyStorage,
  concurrentResponses: number,
  concurrentMs: number,
): RunningCap {
  if (!Number.isFinite(concurrentResponses)) return unlimited;
  const briefMs = Math.min(doubtMs, concurrentMs);
  const keyOf = async (responseId: string): Promise<string> =>
    storageKey('running', await digest(responseId));
  /**
   * Performs `step` only if the holder still has the place. If the place expired, another response may have taken it.
   */
  const whereHeld = async (taken: string, holder: string, step: () => Promise<void>): Promise<void> => {
    if ((await storage.get(taken)) === holder) await step();
  };

  return {
    async take(owner) {
      const key = await digest(owner);
      for (let place = 0; place < concurrentResponses; place += 1) {
        const taken = storageKey('place', key, String(place));
        const holder = crypto.randomUUID();
        if (!(await storage.add(taken, holder, briefMs))) continue;
        let heldMs = briefMs;
        const hold = (ms: number) => whereHeld(taken, holder, () => storage.set(taken, holder, ms));
        return {
          assign: async (responseId) => {
            heldMs = concurrentMs;
            await storage.set(
              await keyOf(responseId),
              writeHeld({ taken, holder, isMissing: false }),
              concurrentMs,
            );
            await hold(concurrentMs);
          },
          renew: () => hold(heldMs),
          doubt: () => hold(briefMs),
          free: () => whereHeld(taken, holder, () => storage.delete(taken)),
        };
      }
      throw tooMany(
        `Too many concurrent responses: this server allows ${concurrentResponses}.`,
        retryAfterMs,
      );
    },

    async ended(responseId) {
      const key = await keyOf(responseId);
      const held = readHeld(await storage.get(key));
      if (held === undefined) return;
      await storage.delete(key);
      await whereHeld(held.taken, held.holder, () => storage.delete(held.taken));
    },

    async missing(responseId) {
      const key = await keyOf(responseId);
      const held = readHeld(await storage.get(key));
      // The response is marked only once, so that repeated polls do not extend the time for which an uncertain response
      // counts.
      if (held === undefined || held.isMissing) return;
      const { taken, holder } = held;
      await storage.set(key, writeHeld({ taken, holder, isMissing: true }), concurrentMs);
      await whereHeld(taken, holder, () => storage.set(taken, holder, briefMs));
    },

    async alive(responseId) {
      const key = await keyOf(responseId);
      const held = readHeld(await storage.get(key));
      if (held === undefined || !held.isMissing) return;
      const { taken, holder } = held;
      await storage.set(key, writeHeld({ taken, holder, isMissing: false }), concurrentMs);
      // The place may have expired. If it is free, take it again.
      if (await storage.add(taken, holder, concurrentMs)) return;
      await whereHeld(taken, holder, () => storage.set(taken, holder, concurrentMs));
    },
  };
}
