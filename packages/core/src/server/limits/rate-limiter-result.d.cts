/** Types of `rate-limiter-flexible/lib/RateLimiterRes.js`, which has no types of its own. */
declare class RateLimiterRes {
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
export = RateLimiterRes;
