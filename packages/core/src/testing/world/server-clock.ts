import type { Clock } from '../../clock/clock.ts';
import { monotonicNow } from '../../clock/elapsed.ts';

/**
 * The server's own clock: it advances as time passes here, a sleep of the machine included, and is never set back, since
 * the server is another machine.
 */
export function serverClock(clock: Clock): Clock {
  let now = clock.now();
  let wall = now;
  let steady = monotonicNow(clock);
  return {
    sleep: (ms, signal) => clock.sleep(ms, signal),
    now: () => {
      const passed = [clock.now() - wall, monotonicNow(clock) - steady];
      wall = clock.now();
      steady = monotonicNow(clock);
      now += Math.max(0, ...passed);
      return now;
    },
  };
}
