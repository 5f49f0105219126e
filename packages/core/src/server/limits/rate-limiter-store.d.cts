import type RateLimiterRes from '#rate-limiter-result';

/**
 * Types of `rate-limiter-flexible/lib/RateLimiterStoreAbstract.js`. The package's own types omit the methods that a
 * store has to implement. The package's index loads code that needs Node's `cluster`, so the proxy imports the file
 * itself.
 */
declare abstract class RateLimiterStoreAbstract<StoreResult> {
  constructor(options: { readonly points: number; readonly duration: number; readonly keyPrefix?: string });
  readonly points: number;
  /** Rejects with a `RateLimiterRes` if the points are used up, and with an error if the store fails. */
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
