import { expect, test } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { repeat } from './repeat.ts';

test('repeats the function until it is ended, and clears its timer', async () => {
  const clock = manualClock();
  const times: number[] = [];
  const end = repeat(clock, 1_000, () => {
    times.push(clock.now());
  });
  await clock.advance(3_500);
  expect(times).toEqual([1_000, 2_000, 3_000]);
  end();
  await clock.advance(10_000);
  expect(times).toHaveLength(3);
  expect(clock.nextAt).toBeUndefined();
});

test('counts from the end of the last call, so that slow calls do not overlap', async () => {
  const clock = manualClock();
  const began: number[] = [];
  const end = repeat(clock, 1_000, async () => {
    began.push(clock.now());
    await clock.sleep(5_000);
  });
  await clock.advance(14_000);
  end();
  expect(began).toEqual([1_000, 7_000, 13_000]);
});
