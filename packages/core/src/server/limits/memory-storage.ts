import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock/clock.ts';
import { monotonicNow } from '../../clock/elapsed.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { MemoryRecords } from './memory-records.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { recordOf } from './storage-key.ts';

export interface MemoryStorageOptions {
  /**
   * Characters kept of first answers to an `Idempotency-Key`; beyond that, the oldest of the principal that keeps most
   * goes first. The keys, and counts and places, are kept apart, each bounded by the same number. Default: 64 Mi.
   */
  readonly maxCharacters?: number;
  readonly clock?: Clock;
}

/** The default: right for one process. Several processes each count for themselves with it. */
export function memoryStorage({
  maxCharacters = 64 * 2 ** 20,
  clock = systemClock,
}: MemoryStorageOptions = {}): ProxyStorage {
  const entries = new LRUCache<string, string>({
    maxSize: maxCharacters,
    sizeCalculation: (value, key) => value.length + key.length,
    // The clock is asked each time: a cached reading would let a hand-moved clock see what has expired.
    ttlResolution: 0,
    // Shifted, because an entry that begins at 0 would count as one that never expires.
    perf: { now: () => monotonicNow(clock) + 1 },
  });
  // Answers fill the memory, keys are small: a key that goes with the answers would start a second job.
  const records = {
    record: new MemoryRecords(maxCharacters, clock),
    answer: new MemoryRecords(maxCharacters, clock),
  };

  const get = (key: string): string | undefined => {
    const one = recordOf(key);
    return one === undefined ? entries.get(key) : records[one.kind].get(one.owner, key);
  };
  const set = (key: string, value: string, ttlMs: number): void => {
    const one = recordOf(key);
    if (one === undefined) entries.set(key, value, { ttl: ttlMs });
    else records[one.kind].set(one.owner, key, value, ttlMs);
  };

  return {
    get: async (key) => get(key),
    set: async (key, value, ttlMs) => set(key, value, ttlMs),
    add: async (key, value, ttlMs) => {
      if (get(key) !== undefined) return false;
      set(key, value, ttlMs);
      return true;
    },
    delete: async (key) => {
      const one = recordOf(key);
      if (one === undefined) entries.delete(key);
      else records[one.kind].delete(one.owner, key);
    },
    increment: async (key, by, ttlMs) => {
      const before = entries.get(key);
      const value = Number(before ?? 0) + by;
      entries.set(key, String(value), before === undefined ? { ttl: ttlMs } : { noUpdateTTL: true });
      return { value, expiresInMs: Math.max(1, entries.getRemainingTTL(key)) };
    },
  };
}
