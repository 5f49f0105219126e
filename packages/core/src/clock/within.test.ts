import { expect, test } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { within } from './within.ts';

const late = (): string => 'late';

test('returns the result of work that ends in time, and frees its timer', async () => {
  const clock = manualClock();
  const work = clock.sleep(100).then(() => 'done');
  const first = within(1_000, clock, work, late);
  await clock.advance(100);
  expect(await first).toBe('done');
  expect(clock.nextAt).toBeUndefined();
});

test('stops waiting for work that is late, and ignores its later result', async () => {
  const clock = manualClock();
  const work = Promise.withResolvers<string>();
  const first = within(1_000, clock, work.promise, late);
  await clock.advance(1_000);
  expect(await first).toBe('late');
  work.resolve('done');
  expect(await first).toBe('late');
});

test('rejects if work fails in time, and frees its timer', async () => {
  const clock = manualClock();
  await expect(within(1_000, clock, Promise.reject(new Error('broken')), late)).rejects.toThrow('broken');
  expect(clock.nextAt).toBeUndefined();
});

test('work that resolves to undefined is not late', async () => {
  const clock = manualClock();
  const nothing: Promise<string | undefined> = Promise.resolve(undefined);
  expect(await within<string | undefined>(1_000, clock, nothing, late)).toBeUndefined();
});

test('sets no timer without a limit', async () => {
  const clock = manualClock();
  const work = Promise.withResolvers<string>();
  const first = within(undefined, clock, work.promise, late);
  expect(clock.nextAt).toBeUndefined();
  work.resolve('done');
  expect(await first).toBe('done');
});
