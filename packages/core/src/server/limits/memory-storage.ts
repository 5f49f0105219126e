import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock/clock.ts';
import { systemClock } from '../../clock/system-clock.ts';
import type { ProxyStorage } from './proxy-storage.ts';

export interface MemoryStorageOptions {
  /** Characters kept in all; beyond that, entries unused for longest go. Default: 64 Mi. */
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
    perf: { now: () => clock.now() + 1 },
  });

  return {
    get: async (key) => entries.get(key),
    set: async (key, value, ttlMs) => {
      entries.set(key, value, { ttl: ttlMs });
    },
    add: async (key, value, ttlMs) => {
      if (entries.get(key) !== undefined) return false;
      entries.set(key, value, { ttl: ttlMs });
      return true;
    },
    delete: async (key) => {
      entries.delete(key);
    },
    increment: async (key, by, ttlMs) => {
      const before = entries.get(key);
      const value = Number(before ?? 0) + by;
      entries.set(key, String(value), before === undefined ? { ttl: ttlMs } : { noUpdateTTL: true });
      return { value, expiresInMs: Math.max(1, entries.getRemainingTTL(key)) };
    },
  };
}
