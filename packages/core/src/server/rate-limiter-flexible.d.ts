// Two files of the package, imported by themselves: its index also loads what needs Node's `cluster` and `crypto`.
// The package's own types do not show the methods that a store has to implement.

declare module 'rate-limiter-flexible/lib/RateLimiterRes.js' {
  export default class RateLimiterRes {
    constructor(
      remainingPoints: number,
      msBeforeNext: number,
      consumedPoints: number,
      isFirstInDuration: boolean,
    );
    readonly msBeforeNext: number;
    readonly remainingPoints: number;
    readonly consumedPoints: number;
    readonly isFirstInDuration: boolean;
  }
}

declare module 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js' {
  import type RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';

  export default abstract class RateLimiterStoreAbstract<StoreResult> {
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
}
