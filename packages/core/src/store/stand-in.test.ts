import { expect, test } from 'vitest';
import { StandIn } from './stand-in.ts';

const ttlMs = 15_000;

/** Checks once a second (the thread of the store checks more often), and returns the seconds at which it renewed. */
function renewals(standIn: StandIn, sign: (second: number) => number, seconds: number): number[] {
  const renewed: number[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    for (const [owner, ttl] of standIn.due(sign(second), second * 1_000)) {
      renewed.push(second);
      standIn.renewed(owner, ttl, second * 1_000);
    }
  }
  return renewed;
}

test('claims with a TTL of 15 s are renewed at least every 5 s while the main thread is blocked', () => {
  const standIn = new StandIn();
  standIn.renewed('a', ttlMs, 0);
  const renewed = renewals(standIn, () => 1, 60);
  expect(renewed[0]).toBeGreaterThanOrEqual(2);
  const gaps = renewed.map((second, index) => second - (renewed[index - 1] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(5);
});

test('renewals stop after five minutes without a signal of the main thread', () => {
  const standIn = new StandIn();
  standIn.renewed('a', ttlMs, 0);
  const renewed = renewals(standIn, () => 1, 900);
  expect(renewed.at(-1)).toBeGreaterThan(290);
  expect(renewed.at(-1)).toBeLessThanOrEqual(300);
});

test('claims are not renewed while the main thread is not blocked, or after they expired in that time', () => {
  const standIn = new StandIn();
  standIn.renewed('a', ttlMs, 0);
  expect(renewals(standIn, (second) => second, 60)).toEqual([]);
  // The claim expired while the main thread was not blocked.
  expect(standIn.due(60, 70_000)).toEqual([]);
});

test('renewals stop when the main thread is no longer blocked', () => {
  const standIn = new StandIn();
  standIn.renewed('a', ttlMs, 0);
  const renewed = renewals(standIn, (second) => (second < 10 ? 0 : second), 20);
  expect(renewed.length).toBeGreaterThan(0);
  expect(renewed.every((second) => second < 10)).toBe(true);
});
