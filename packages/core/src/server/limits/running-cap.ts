import { digest } from './digest.ts';
import { doubtMs } from './doubt.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { tooMany } from './request-cap.ts';
import { storageKey } from './storage-key.ts';

/** A place taken by a response that runs, or is about to. */
export interface RunningPlace {
  /** Ties the place to its response, so that a request that sees its end can give it back. */
  assign(responseId: string): Promise<void>;
  /** Holds the place on, for a create that is still under way. */
  renew(): Promise<void>;
  /** There may be a response, and its id is not known: the place is held for minutes only. */
  doubt(): Promise<void>;
  /** Gives the place back without a response. */
  free(): Promise<void>;
}

export interface RunningCap {
  /** Takes a place, or throws a `Refusal` where all are taken. */
  take(owner: string): Promise<RunningPlace>;
  /** A response was seen at its end. */
  ended(responseId: string): Promise<void>;
  /** A response was not found soon after its create: it may be there later, and is held for minutes only. */
  missing(responseId: string): Promise<void>;
  /** A response was seen to run: one that was missing is held like every other again. */
  alive(responseId: string): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;
const unlimited: RunningCap = {
  take: async () => ({ assign: nothing, renew: nothing, doubt: nothing, free: nothing }),
  ended: nothing,
  missing: nothing,
  alive: nothing,
};

/** When a place comes free is not known. A few seconds keep a waiting client from asking without pause. */
const retryAfterMs = 5_000;

/** Where the place of a response is, and who holds it. */
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
 * Counts running responses by numbered places, each an entry of its own that expires: one count would be lost or stay
 * for good with the first process that dies between its plus and its minus.
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
  /** A place that expired may be another response's by now: that one keeps it. */
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
      throw tooMany(`Too many responses at once: this server runs ${concurrentResponses}.`, retryAfterMs);
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
      // Marked once: asking again and again must not prolong what is in doubt.
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
      // Given up meanwhile: taken again while it is free.
      if (await storage.add(taken, holder, concurrentMs)) return;
      await whereHeld(taken, holder, () => storage.set(taken, holder, concurrentMs));
    },
  };
}
