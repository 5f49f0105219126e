import { expect, test } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import type { Clock } from './clock.ts';
import { timeOut } from './time-out.ts';
import { within } from './within.ts';

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

test('a timer that fires on time ends the wait', async () => {
  const { clock, given } = blocked(900);
  const over = timeOut(given, 60_000, never);
  await clock.advance(60_900);
  await over;
  expect(clock.nextAt).toBeUndefined();
});

test('a timer that fires late, because the process was blocked, waits until arrived data is read', async () => {
  const { clock, given } = blocked(120_000);
  // It arrived on time, and is read shortly after the late timer.
  const work = clock.sleep(180_200).then(() => 'done');
  const first = within(60_000, given, work, () => 'late');
  await clock.advance(181_000);
  expect(await first).toBe('done');
});

test('data that has not arrived by then is too late', async () => {
  const { clock, given } = blocked(120_000);
  const first = within(60_000, given, new Promise<string>(() => undefined), () => 'late');
  await clock.advance(181_000);
  expect(await first).toBe('late');
  expect(clock.nextAt).toBeUndefined();
});
