import { describe, expect, test } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { memoryStorage } from './memory-storage.ts';
import { storageKey } from './storage-key.ts';

test('entries expire', async () => {
  const clock = manualClock();
  const storage = memoryStorage({ clock });
  await storage.set('a', '1', 1_000);
  await clock.advance(1_000);
  expect(await storage.get('a')).toBe('1');
  await clock.advance(1);
  expect(await storage.get('a')).toBeUndefined();
});

test('add sets a missing key once, until it expires or is deleted', async () => {
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

test('only one of many concurrent adds succeeds', async () => {
  const storage = memoryStorage();
  const won = await Promise.all(
    Array.from({ length: 50 }, (_, index) => storage.add('a', String(index), 1_000)),
  );
  expect(won.filter(Boolean)).toHaveLength(1);
});

test('a count expires a minute after its first increment, and later increments do not extend it', async () => {
  const clock = manualClock();
  const storage = memoryStorage({ clock });
  expect(await storage.increment('n', 1, 60_000)).toEqual({ value: 1, expiresInMs: 60_000 });
  await clock.advance(59_999);
  expect(await storage.increment('n', 2, 60_000)).toMatchObject({ value: 3 });
  await clock.advance(2);
  expect(await storage.increment('n', 1, 60_000)).toMatchObject({ value: 1 });
});

test('at the limit, the least recently used entry is dropped first', async () => {
  const storage = memoryStorage({ maxCharacters: 100 });
  await storage.set('old', 'x'.repeat(40), 1_000);
  await storage.set('used', 'x'.repeat(40), 1_000);
  await storage.get('old');
  await storage.set('new', 'x'.repeat(40), 1_000);
  expect(await storage.get('used')).toBeUndefined();
  expect(await storage.get('old')).toBeDefined();
});

describe('one principal’s records do not displace other entries (attack: a visitor fills the storage with stored answers)', () => {
  const record = (owner: string, key: string): string => storageKey('record', owner, key);

  test('drops the least recently used records of the principal with the most characters', async () => {
    const storage = memoryStorage({ maxCharacters: 10_000 });
    await storage.set(record('bob', 'k'), 'x'.repeat(500), 60_000);
    for (let index = 0; index < 100; index += 1)
      await storage.set(record('ann', String(index)), 'x'.repeat(500), 60_000);
    expect(await storage.get(record('bob', 'k'))).toBeDefined();
    expect(await storage.get(record('ann', '0'))).toBeUndefined();
    expect(await storage.get(record('ann', '99'))).toBeDefined();
  });

  test('a record that is larger than the limit is not stored, and displaces nothing', async () => {
    const storage = memoryStorage({ maxCharacters: 10_000 });
    await storage.set(record('bob', 'k'), 'x', 60_000);
    await storage.set(record('ann', 'k'), 'x'.repeat(20_000), 60_000);
    expect(await storage.get(record('bob', 'k'))).toBe('x');
    expect(await storage.get(record('ann', 'k'))).toBeUndefined();
  });

  test('idempotency keys are kept when answers are dropped, even if both belong to the same principal (attack: a second job for the key of a running create)', async () => {
    const storage = memoryStorage({ maxCharacters: 10_000 });
    await storage.add(record('ann', 'under way'), 'pending', 60_000);
    for (let index = 0; index < 100; index += 1)
      await storage.set(storageKey('answer', 'ann', String(index)), 'x'.repeat(500), 60_000);
    expect(await storage.add(record('ann', 'under way'), 'second', 60_000)).toBe(false);
  });

  test('stores counts and places apart from records', async () => {
    const storage = memoryStorage({ maxCharacters: 10_000 });
    await storage.increment('longhaul-requests:bob', 7, 60_000);
    await storage.add('longhaul-place:bob:0', 'holder', 60_000);
    for (let index = 0; index < 100; index += 1)
      await storage.set(record(`visitor ${index}`, 'k'), 'x'.repeat(500), 60_000);
    expect(await storage.increment('longhaul-requests:bob', 1, 60_000)).toMatchObject({ value: 8 });
    expect(await storage.get('longhaul-place:bob:0')).toBe('holder');
  });

  test('keeps the newest record when thousands of principals share the memory', async () => {
    const storage = memoryStorage({ maxCharacters: 100_000 });
    for (let index = 0; index < 5_000; index += 1) {
      await storage.set(record(`visitor ${index}`, 'k'), 'x'.repeat(500), 60_000);
      expect(await storage.get(record(`visitor ${index}`, 'k'))).toBeDefined();
    }
    expect(await storage.get(record('visitor 0', 'k'))).toBeUndefined();
  });

  test('a record expires, is deleted, and is added once, like every entry', async () => {
    const clock = manualClock();
    const storage = memoryStorage({ clock });
    expect(await storage.add(record('ann', 'k'), '1', 1_000)).toBe(true);
    expect(await storage.add(record('ann', 'k'), '2', 1_000)).toBe(false);
    await clock.advance(1_001);
    expect(await storage.get(record('ann', 'k'))).toBeUndefined();
    expect(await storage.add(record('ann', 'k'), '3', 1_000)).toBe(true);
    await storage.delete(record('ann', 'k'));
    expect(await storage.get(record('ann', 'k'))).toBeUndefined();
  });
});

// A server's clock may be set: by NTP after a start, manually, or when a virtual machine is moved.
test.each([2 * 3_600_000, -2 * 3_600_000])(
  'setting the clock by %i ms neither ends nor prolongs an entry',
  async (ms) => {
    const clock = manualClock();
    const storage = memoryStorage({ clock });
    const record = storageKey('record', 'ann', 'key');
    await storage.set('a', '1', 60_000);
    await storage.set(record, '1', 60_000);
    await storage.increment('n', 1, 60_000);
    clock.jump(ms);
    expect(await storage.get('a')).toBe('1');
    expect(await storage.get(record)).toBe('1');
    expect(await storage.increment('n', 1, 60_000)).toEqual({ value: 2, expiresInMs: 60_000 });
    await clock.advance(60_001);
    expect(await storage.get('a')).toBeUndefined();
    expect(await storage.get(record)).toBeUndefined();
    expect(await storage.increment('n', 1, 60_000)).toEqual({ value: 1, expiresInMs: 60_000 });
  },
);
