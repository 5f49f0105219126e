import { describe, expect, test } from 'vitest';
import type { Clock } from '../../clock/clock.ts';
import { manualClock } from '../manual-clock.ts';
import { serverClock } from './server-clock.ts';

/** A clock whose two readings a test sets, and whose timers fire up to a millisecond early, as those of `setTimeout` do. */
function adjustableClock() {
  const at = { wall: 1_000, steady: 5 };
  const clock: Clock = {
    now: () => Math.floor(at.wall),
    monotonic: () => at.steady,
    sleep: async (ms) => pass(Math.floor(ms)),
  };
  const pass = (ms: number): void => {
    at.wall += ms;
    at.steady += ms;
  };
  return { at, clock, pass };
}

describe('the clock of the emulator’s server', () => {
  test('is at or after the end of a sleep when the sleep resolves', async () => {
    const { clock } = adjustableClock();
    const server = serverClock(clock);
    const until = server.now() + 9.7;
    await server.sleep(9.7);
    expect(server.now()).toBeGreaterThanOrEqual(until);
  });

  test('does not run faster when it is read more often', () => {
    const { clock, pass } = adjustableClock();
    const server = serverClock(clock);
    const began = server.now();
    for (let reading = 0; reading < 1_000; reading += 1) {
      pass(0.3);
      server.now();
    }
    expect(server.now() - began).toBeLessThan(302);
    expect(server.now() - began).toBeGreaterThanOrEqual(299);
  });

  test('advances while the machine’s clock is set back, and does not count time twice when that is corrected', () => {
    const { clock, at, pass } = adjustableClock();
    const server = serverClock(clock);
    const began = server.now();
    at.wall -= 7_200_000;
    expect(server.now()).toBe(began);
    pass(1_000);
    expect(server.now()).toBe(began + 1_000);
    at.wall += 7_200_000;
    expect(server.now()).toBe(began + 1_000);
  });

  test('counts the time of a machine’s sleep, during which the monotonic clock does not advance', () => {
    const { clock, at } = adjustableClock();
    const server = serverClock(clock);
    const began = server.now();
    at.wall += 3_600_000;
    expect(server.now()).toBe(began + 3_600_000);
  });

  test('works without a monotonic clock', () => {
    const at = { wall: 1_000 };
    const server = serverClock({ now: () => at.wall, sleep: () => Promise.resolve() });
    at.wall -= 500;
    expect(server.now()).toBe(1_000);
    at.wall += 200;
    expect(server.now()).toBe(1_200);
  });

  test('does not advance to the end of an aborted sleep', async () => {
    const server = serverClock(manualClock(1_000));
    await server.sleep(60_000, AbortSignal.abort());
    expect(server.now()).toBe(1_000);
  });
});
