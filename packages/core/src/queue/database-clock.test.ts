import { expect, test } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { databaseClock } from './database-clock.ts';

const hourMs = 3_600_000;

test('the clock has the time of the database, and advances with the clock of the machine that does not jump', async () => {
  const machine = manualClock(5 * hourMs);
  const clock = databaseClock(machine);
  expect(clock.now()).toBe(5 * hourMs);
  const sentAt = clock.monotonic();
  await machine.advance(20);
  clock.answered(hourMs, sentAt);
  // The database was asked 20 ms ago, and has read its clock 10 ms ago.
  expect(clock.now()).toBeCloseTo(hourMs + 10, 3);
  await machine.advance(1_000);
  expect(clock.now()).toBeCloseTo(hourMs + 1_010, 3);
});

test('an answer that was delayed by 20 s does not change a known time', async () => {
  const machine = manualClock(0);
  const clock = databaseClock(machine);
  clock.answered(hourMs, clock.monotonic());
  const sentAt = clock.monotonic();
  await machine.advance(20_000);
  clock.answered(hourMs, sentAt);
  expect(clock.now()).toBeCloseTo(hourMs + 20_000, 3);
});

test('a later answer changes a known time if the clocks may have drifted apart, or if it came faster', async () => {
  const machine = manualClock(0);
  const clock = databaseClock(machine);
  const slow = clock.monotonic();
  await machine.advance(2_000);
  clock.answered(hourMs, slow);
  clock.answered(hourMs, clock.monotonic());
  expect(clock.now()).toBeCloseTo(hourMs, 3);
  await machine.advance(60_000);
  const later = clock.monotonic();
  await machine.advance(20);
  clock.answered(0, later);
  expect(clock.now()).toBeCloseTo(10, 3);
});
