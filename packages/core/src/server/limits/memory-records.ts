import { monotonicNow, type Clock } from '../../clock/clock.ts';

interface Kept {
  readonly value: string;
  readonly expiresAt: number;
}

interface Owned {
  /** The least recently used record is first. */
  readonly records: Map<string, Kept>;
  size: number;
}

/** Approximate size of a record and its owner in addition to their characters, counted as characters. */
const overhead = 300;

/**
 * The fraction of the limit that stays filled after records were dropped. If the storage made room for one record only,
 * each new record would repeat the work.
 */
const filled = 0.95;

/**
 * Stores the records of several owners with one common limit of characters. At the limit, the owners with the most
 * characters lose their least recently used records, so one owner does not displace the records of others.
 */
export class MemoryRecords {
  readonly #max: number;
  readonly #clock: Clock;
  readonly #owners = new Map<string, Owned>();
  #size = 0;

  constructor(maxCharacters: number, clock: Clock) {
    this.#max = maxCharacters;
    this.#clock = clock;
  }

  get(owner: string, key: string): string | undefined {
    const owned = this.#owners.get(owner);
    const kept = owned?.records.get(key);
    if (owned === undefined || kept === undefined) return undefined;
    if (kept.expiresAt < monotonicNow(this.#clock)) {
      this.#drop(owner, owned, key, kept);
      return undefined;
    }
    owned.records.delete(key);
    owned.records.set(key, kept);
    return kept.value;
  }

  set(owner: string, key: string, value: string, ttlMs: number): void {
    this.delete(owner, key);
    const kept = { value, expiresAt: monotonicNow(this.#clock) + ttlMs };
    const size = sizeOf(key, kept);
    if (size > this.#max) return;
    const owned = this.#owners.get(owner) ?? { records: new Map(), size: 0 };
    this.#owners.set(owner, owned);
    owned.records.set(key, kept);
    owned.size += size;
    this.#size += size;
    if (this.#size > this.#max) this.#makeRoom();
  }

  delete(owner: string, key: string): void {
    const owned = this.#owners.get(owner);
    const kept = owned?.records.get(key);
    if (owned !== undefined && kept !== undefined) this.#drop(owner, owned, key, kept);
  }

  #drop(owner: string, owned: Owned, key: string, kept: Kept): void {
    owned.records.delete(key);
    owned.size -= sizeOf(key, kept);
    this.#size -= sizeOf(key, kept);
    if (owned.records.size === 0) this.#owners.delete(owner);
  }

  /**
   * Repeatedly halves the records of the largest owners, so that each owner is examined a few times and not once for
   * each record.
   */
  #makeRoom(): void {
    while (this.#size > this.#max * filled) {
      let most = 0;
      for (const { size } of this.#owners.values()) most = Math.max(most, size);
      for (const [owner, owned] of this.#owners) {
        for (const [key, kept] of owned.records) {
          if (owned.size <= most / 2 || this.#size <= this.#max * filled) break;
          this.#drop(owner, owned, key, kept);
        }
      }
    }
  }
}

function sizeOf(key: string, { value }: Kept): number {
  return key.length + value.length + overhead;
}
