import { expect, onTestFinished, test } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import type { Clock } from './clock.ts';
import { SteadyTime } from './steady-time.ts';

const hour = 3_600_000;

function watched(given: (clock: ReturnType<typeof manualClock>) => Clock) {
  const clock = manualClock(1_770_000_000_000);
  const time = new SteadyTime(given(clock));
  const jumps: number[] = [];
  onTestFinished(time.onJump((gapMs) => jumps.push(gapMs)));
  return { clock, time, jumps };
}

const kinds: readonly (readonly [string, (clock: ReturnType<typeof manualClock>) => Clock])[] = [
  ['a clock that does not jump', (clock) => clock],
  [
    'only `now` and `sleep`',
    (clock) => ({ now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) }),
  ],
];

test.each(kinds)('with %s, the time line advances with time', async (_name, given) => {
  const { clock, time, jumps } = watched(given);
  for (let minutes = 1; minutes <= 120; minutes += 1) {
    await clock.advance(60_000);
    expect(time.now()).toBe(minutes * 60_000);
  }
  expect(jumps).toEqual([]);
});

test.each(kinds)('with %s, a jump ahead is detected at the next comparison', async (_name, given) => {
  const { clock, time, jumps } = watched(given);
  await clock.advance(12_000);
  clock.jump(2 * hour);
  await clock.advance(5_000);
  expect(jumps).toHaveLength(1);
  // Without a clock that does not jump, the time between two comparisons cannot be distinguished from a jump.
  expect(time.now()).toBeLessThan(17_000 + 35_000);
  expect((jumps[0] ?? 0) + time.now()).toBe(2 * hour + 17_000);
});

test.each(kinds)('with %s, a clock that is set back does not stop the time line', async (_name, given) => {
  const { clock, time, jumps } = watched(given);
  await clock.advance(12_000);
  const before = time.now();
  clock.jump(-2 * hour);
  expect(time.now()).toBe(before);
  await clock.advance(60_000);
  expect(time.now() - before).toBeGreaterThan(50_000);
  expect(jumps).toEqual([]);
});

test.each(kinds)('with %s, ignores a small jump', async (_name, given) => {
  const { clock, jumps } = watched(given);
  for (let count = 0; count < 10; count += 1) {
    clock.jump(20_000);
    await clock.advance(10_000);
  }
  expect(jumps).toEqual([]);
});

test('a sleep that has resolved is over, regardless of the clock', () => {
  const clock = manualClock(1_770_000_000_000);
  const time = new SteadyTime({ now: () => clock.now(), sleep: () => Promise.resolve() });
  time.reached(60_000);
  expect(time.now()).toBe(60_000);
  time.reached(1_000);
  expect(time.now()).toBe(60_000);
});

test('compares nothing while no listener is registered', async () => {
  const clock = manualClock();
  const time = new SteadyTime(clock);
  expect(clock.pending).toBe(0);
  const stop = time.onJump(() => undefined);
  expect(clock.pending).toBe(1);
  stop();
  await clock.advance(0);
  expect(clock.pending).toBe(0);
});
