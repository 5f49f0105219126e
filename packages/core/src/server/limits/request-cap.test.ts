import { expect, test } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { memoryStorage } from './memory-storage.ts';
import { createRequestCap } from './request-cap.ts';

test('allows the number of requests for each principal, and again after a minute', async () => {
  const clock = manualClock();
  const count = createRequestCap(memoryStorage({ clock }), 3);
  for (let request = 0; request < 3; request += 1) await count('ann');
  await clock.advance(20_000);
  await expect(count('ann')).rejects.toMatchObject({
    status: 429,
    code: 'rate_limit_exceeded',
    details: { headers: { 'retry-after': '40', 'retry-after-ms': '40000' } },
  });
  await count('bob');
  await clock.advance(40_001);
  await count('ann');
});

test('counts all concurrent requests', async () => {
  const count = createRequestCap(memoryStorage(), 10);
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => count('ann')));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
});

test('refuses requests if the storage fails, because an uncounted request would bypass the limit', async () => {
  const storage = { ...memoryStorage(), increment: () => Promise.reject(new Error('redis is down')) };
  await expect(createRequestCap(storage, 3)('ann')).rejects.toThrow('redis is down');
});

test('Infinity switches the limit off', async () => {
  const count = createRequestCap(memoryStorage(), Number.POSITIVE_INFINITY);
  for (let request = 0; request < 1_000; request += 1) await expect(count('ann')).resolves.toBeUndefined();
});
