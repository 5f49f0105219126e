import { LRUCache } from 'lru-cache';
import { monotonicNow, type Clock } from '../../clock/clock.ts';
import { mustBeClock } from '../../clock/must-be-clock.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { mustBe, mustBeOptions } from '../../errors/must-be.ts';
import { MemoryRecords } from './memory-records.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { recordOf } from './storage-key.ts';

export interface MemoryStorageOptions {
  /**
   * Maximum number of characters of stored answers to creates with an `Idempotency-Key`. Above this number, the
   * principal with the most characters loses its least recently used answers. The keys have a separate limit of the
   * same size, and so have the counts and the running responses. Default: 64 Mi.
   */
  readonly maxCharacters?: number;
  readonly clock?: Clock;
}

/**
 * The default storage, for one process. With several processes, each one counts separately.
 *
 * @throws ConfigurationError if an option is invalid
 */
export function memoryStorage(options: MemoryStorageOptions = {}): ProxyStorage {
  mustBeOptions(options, 'memoryStorage', { maxCharacters: 'any', clock: 'any' });
  const { maxCharacters = 64 * 2 ** 20, clock = systemClock } = options;
  const isCount = Number.isSafeInteger(maxCharacters) && maxCharacters > 0;
  mustBe(isCount, 'memoryStorage', 'maxCharacters', 'a positive whole number');
  mustBeClock(clock, 'memoryStorage');
  const entries = new LRUCache<string, string>({
    maxSize: maxCharacters,
    sizeCalculation: (value, key) => value.length + key.length,
    // The clock is read each time. A cached reading would return expired entries after a manual clock is advanced.
    ttlResolution: 0,
    // Shifted by 1, because the cache treats an entry that begins at 0 as one that never expires.
    perf: { now: () => monotonicNow(clock) + 1 },
  });
  // Keys are stored apart from answers, which fill the memory. If a key were dropped with its answer, a repeat would
  // start a second job.
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
