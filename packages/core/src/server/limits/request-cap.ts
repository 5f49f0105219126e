import RateLimiterRes from '#rate-limiter-result';
import { digest } from './digest.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { Refusal } from '../refusal.ts';
import { StorageRateLimiter } from './storage-rate-limiter.ts';

/**
 * Returns an error with status 429, `retry-after` and `retry-after-ms`. OpenAI's clients prefer the latter, which is
 * more precise.
 */
export function tooMany(message: string, waitMs: number): Refusal {
  return new Refusal(429, 'rate_limit_exceeded', message, {
    type: 'requests',
    headers: {
      'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))),
      'retry-after-ms': String(Math.ceil(waitMs)),
    },
  });
}

/** Counts a principal's request. Throws a `Refusal` if there are too many within a minute. */
export type RequestCap = (owner: string) => Promise<void>;

/** `counted`: the plural noun of what is counted. Counts of different nouns in one storage are independent. */
export function createRequestCap(
  storage: ProxyStorage,
  perMinute: number,
  counted: 'requests' | 'starts' = 'requests',
): RequestCap {
  if (!Number.isFinite(perMinute)) return async () => undefined;
  const limiter = new StorageRateLimiter(storage, {
    points: perMinute,
    duration: 60,
    keyPrefix: `longhaul-${counted}`,
  });
  return async (owner) => {
    try {
      await limiter.consume(await digest(owner));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw tooMany(`Too many ${counted}: this server accepts ${perMinute} a minute.`, error.msBeforeNext);
    }
  };
}
