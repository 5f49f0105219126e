import type RateLimiterRes from '#rate-limiter-result';

/**
 * `rate-limiter-flexible/lib/RateLimiterStoreAbstract.js`. The package's types leave out the methods that a store has
 * to implement, and its index loads what needs Node's `cluster`: so this file alone is imported, with these types.
 */
declare abstract class RateLimiterStoreAbstract<StoreResult> {
  constructor(options: { readonly points: number; readonly duration: number; readonly keyPrefix?: string });
  readonly points: number;
  /** Rejects with a `RateLimiterRes` where the points are used up, with an error where the store fails. */
  consume(key: string, points?: number): Promise<RateLimiterRes>;
  protected abstract _upsert(
    key: string,
    points: number,
    msDuration: number,
    forceExpire: boolean,
  ): Promise<StoreResult>;
  protected abstract _get(key: string): Promise<StoreResult | null>;
  protected abstract _delete(key: string): Promise<boolean>;
  protected abstract _getRateLimiterRes(key: string, points: number, result: StoreResult): RateLimiterRes;
}
export = RateLimiterStoreAbstract;
