import { expect, test } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { memoryStorage } from './memory-storage.ts';
import { createRequestCap } from './request-cap.ts';

test('so many requests a minute, each principal for themselves, and again after the minute', async () => {
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

test('requests at once are all counted', async () => {
  const count = createRequestCap(memoryStorage(), 10);
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => count('ann')));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
});

test('a storage that fails refuses: an error that is not counted would be no cap', async () => {
  const storage = { ...memoryStorage(), increment: () => Promise.reject(new Error('redis is down')) };
  await expect(createRequestCap(storage, 3)('ann')).rejects.toThrow('redis is down');
});

test('Infinity is no cap', async () => {
  const count = createRequestCap(memoryStorage(), Number.POSITIVE_INFINITY);
  for (let request = 0; request < 1_000; request += 1) await expect(count('ann')).resolves.toBeUndefined();
});
