import { expect, test } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { memoryStorage } from './memory-storage.ts';

test('entries expire', async () => {
  const clock = manualClock();
  const storage = memoryStorage({ clock });
  await storage.set('a', '1', 1_000);
  await clock.advance(1_000);
  expect(await storage.get('a')).toBe('1');
  await clock.advance(1);
  expect(await storage.get('a')).toBeUndefined();
});

test('add sets what is not there, once, until it expires or is deleted', async () => {
  const clock = manualClock();
  const storage = memoryStorage({ clock });
  expect(await storage.add('a', '1', 1_000)).toBe(true);
  expect(await storage.add('a', '2', 1_000)).toBe(false);
  expect(await storage.get('a')).toBe('1');
  await clock.advance(1_001);
  expect(await storage.add('a', '3', 1_000)).toBe(true);
  await storage.delete('a');
  expect(await storage.add('a', '4', 1_000)).toBe(true);
});

test('of many adds at once one wins', async () => {
  const storage = memoryStorage();
  const won = await Promise.all(
    Array.from({ length: 50 }, (_, index) => storage.add('a', String(index), 1_000)),
  );
  expect(won.filter(Boolean)).toHaveLength(1);
});

test('a count expires with its first increment, whatever follows', async () => {
  const clock = manualClock();
  const storage = memoryStorage({ clock });
  expect(await storage.increment('n', 1, 60_000)).toEqual({ value: 1, expiresInMs: 60_000 });
  await clock.advance(59_999);
  expect(await storage.increment('n', 2, 60_000)).toMatchObject({ value: 3 });
  await clock.advance(2);
  expect(await storage.increment('n', 1, 60_000)).toMatchObject({ value: 1 });
});

test('memory is bounded: what was not used for longest goes first', async () => {
  const storage = memoryStorage({ maxCharacters: 100 });
  await storage.set('old', 'x'.repeat(40), 1_000);
  await storage.set('used', 'x'.repeat(40), 1_000);
  await storage.get('old');
  await storage.set('new', 'x'.repeat(40), 1_000);
  expect(await storage.get('used')).toBeUndefined();
  expect(await storage.get('old')).toBeDefined();
});
