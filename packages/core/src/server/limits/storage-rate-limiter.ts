import RateLimiterRes from '#rate-limiter-result';
import RateLimiterStoreAbstract from '#rate-limiter-store';
import type { ProxyStorage } from './proxy-storage.ts';

interface Count {
  readonly value: number;
  readonly expiresInMs: number;
}

/** Counts the fixed window of rate-limiter-flexible in the proxy's storage. */
export class StorageRateLimiter extends RateLimiterStoreAbstract<Count> {
  readonly #storage: ProxyStorage;

  constructor(
    storage: ProxyStorage,
    options: { readonly points: number; readonly duration: number; readonly keyPrefix: string },
  ) {
    super(options);
    this.#storage = storage;
  }

  protected override async _upsert(
    key: string,
    points: number,
    msDuration: number,
    forceExpire: boolean,
  ): Promise<Count> {
    if (forceExpire) await this.#storage.delete(key);
    return this.#storage.increment(key, points, msDuration);
  }

  protected override async _get(key: string): Promise<Count | null> {
    const value = await this.#storage.get(key);
    return value === undefined ? null : { value: Number(value), expiresInMs: 0 };
  }

  protected override async _delete(key: string): Promise<boolean> {
    await this.#storage.delete(key);
    return true;
  }

  protected override _getRateLimiterRes(
    _key: string,
    points: number,
    { value, expiresInMs }: Count,
  ): RateLimiterRes {
    return new RateLimiterRes(Math.max(this.points - value, 0), expiresInMs, value, value === points);
  }
}
