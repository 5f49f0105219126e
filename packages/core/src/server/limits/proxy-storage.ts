/**
 * Stores the state that all processes of the proxy share: counts, running responses, and the first answers to an
 * `Idempotency-Key`. Every entry expires. Keys are short strings without readable personal data. Values are strings; a
 * stored answer may have several hundred thousand characters.
 *
 * `add` and `increment` have to be atomic across processes. Otherwise, two simultaneous requests could both count as
 * the first.
 *
 * @example
 * // Redis (ioredis)
 * const storage: ProxyStorage = {
 *   get: async (key) => (await redis.get(key)) ?? undefined,
 *   set: async (key, value, ttlMs) => void (await redis.set(key, value, 'PX', ttlMs)),
 *   add: async (key, value, ttlMs) => (await redis.set(key, value, 'PX', ttlMs, 'NX')) === 'OK',
 *   delete: async (key) => void (await redis.del(key)),
 *   increment: async (key, by, ttlMs) => {
 *     const results = await redis.multi().incrby(key, by).pexpire(key, ttlMs, 'NX').pttl(key).exec();
 *     const [value = 0, , expiresInMs = 0] = (results ?? []).map(([, result]) => Number(result));
 *     return { value, expiresInMs };
 *   },
 * };
 */
export interface ProxyStorage {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Sets a key that does not exist. If it exists, returns false and changes nothing. */
  add(key: string, value: string, ttlMs: number): Promise<boolean>;
  delete(key: string): Promise<void>;
  /**
   * Adds `by` to a number. The number starts at 0 and expires `ttlMs` after its first increment, regardless of later
   * ones.
   */
  increment(
    key: string,
    by: number,
    ttlMs: number,
  ): Promise<{ readonly value: number; readonly expiresInMs: number }>;
}
