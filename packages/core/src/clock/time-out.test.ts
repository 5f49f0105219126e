import { expect, test } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import type { Clock } from './clock.ts';
import { timeOut, withTimeout } from './time-out.ts';

/** A clock whose timers fire `lateMs` too late, because the process was blocked. */
function blocked(lateMs: number) {
  const clock = manualClock();
  let late = lateMs;
  const given: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => {
      const more = late;
      late = 0;
      return clock.sleep(ms + more, signal);
    },
  };
  return { clock, given };
}

const never = new AbortController().signal;

test('a timer that fires less than a second late ends the wait', async () => {
  const { clock, given } = blocked(900);
  const over = timeOut(given, 60_000, never);
  await clock.advance(60_900);
  await over;
  expect(clock.nextAt).toBeUndefined();
});

test('if a timer fires late because the process was blocked, data that is read within a second counts', async () => {
  const { clock, given } = blocked(120_000);
  // The data arrived on time, and is read shortly after the late timer.
  const work = clock.sleep(180_200).then(() => 'done');
  const first = withTimeout(60_000, given, work, () => 'late');
  await clock.advance(181_000);
  expect(await first).toBe('done');
});

test('if a timer fires late because the process was blocked, data that is read later than that is late', async () => {
  const { clock, given } = blocked(120_000);
  const first = withTimeout(60_000, given, new Promise<string>(() => undefined), () => 'late');
  await clock.advance(181_000);
  expect(await first).toBe('late');
  expect(clock.nextAt).toBeUndefined();
});

const late = (): string => 'late';

test('returns the result of work that ends in time, and frees its timer', async () => {
  const clock = manualClock();
  const work = clock.sleep(100).then(() => 'done');
  const first = withTimeout(1_000, clock, work, late);
  await clock.advance(100);
  expect(await first).toBe('done');
  expect(clock.nextAt).toBeUndefined();
});

test('stops waiting for work that is late, and ignores its later result', async () => {
  const clock = manualClock();
  const work = Promise.withResolvers<string>();
  const first = withTimeout(1_000, clock, work.promise, late);
  await clock.advance(1_000);
  expect(await first).toBe('late');
  work.resolve('done');
  expect(await first).toBe('late');
});

test('rejects if work fails in time, and frees its timer', async () => {
  const clock = manualClock();
  await expect(withTimeout(1_000, clock, Promise.reject(new Error('broken')), late)).rejects.toThrow(
    'broken',
  );
  expect(clock.nextAt).toBeUndefined();
});

test('work that resolves to undefined is not late', async () => {
  const clock = manualClock();
  const nothing: Promise<string | undefined> = Promise.resolve(undefined);
  expect(await withTimeout<string | undefined>(1_000, clock, nothing, late)).toBeUndefined();
});

test('sets no timer without a limit', async () => {
  const clock = manualClock();
  const work = Promise.withResolvers<string>();
  const first = withTimeout(undefined, clock, work.promise, late);
  expect(clock.nextAt).toBeUndefined();
  work.resolve('done');
  expect(await first).toBe('done');
});
