import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock/clock.ts';

/** A cache of texts that expire, bounded in characters. */
export function textCache(maxCharacters: number, clock: Clock): LRUCache<string, string> {
  return new LRUCache<string, string>({
    maxSize: maxCharacters,
    sizeCalculation: (value, key) => value.length + key.length,
    // The clock is asked each time: a cached reading would let a hand-moved clock see what has expired.
    ttlResolution: 0,
    // Shifted, because an entry that begins at 0 would count as one that never expires.
    perf: { now: () => clock.now() + 1 },
  });
}

/** The caches of several owners with one bound: when it is reached, the owner that keeps most loses its oldest entry. */
export class MemoryRecords {
  readonly #maxCharacters: number;
  readonly #clock: Clock;
  readonly #caches = new Map<string, LRUCache<string, string>>();
  #characters = 0;

  constructor(maxCharacters: number, clock: Clock) {
    this.#maxCharacters = maxCharacters;
    this.#clock = clock;
  }

  get(owner: string, key: string): string | undefined {
    return this.#counted(owner, (cache) => cache.get(key));
  }

  set(owner: string, key: string, value: string, ttlMs: number): void {
    this.#counted(owner, (cache) => cache.set(key, value, { ttl: ttlMs }));
    while (this.#characters > this.#maxCharacters) this.#dropOldest();
  }

  delete(owner: string, key: string): void {
    this.#counted(owner, (cache) => cache.delete(key));
  }

  /** Works on an owner's cache, and counts what that added or took away. */
  #counted<T>(owner: string, work: (cache: LRUCache<string, string>) => T): T {
    const cache = this.#caches.get(owner) ?? textCache(this.#maxCharacters, this.#clock);
    const before = cache.calculatedSize;
    const result = work(cache);
    this.#characters += cache.calculatedSize - before;
    if (cache.size === 0) this.#caches.delete(owner);
    else this.#caches.set(owner, cache);
    return result;
  }

  #dropOldest(): void {
    let most: string | undefined;
    let characters = 0;
    for (const [owner, { calculatedSize }] of this.#caches) {
      if (calculatedSize > characters) [most, characters] = [owner, calculatedSize];
    }
    if (most === undefined) this.#characters = 0;
    else this.#counted(most, (cache) => cache.pop());
  }
}
