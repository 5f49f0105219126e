import { expect, test } from 'vitest';
import { StandIn } from './stand-in.ts';

const ttlMs = 15_000;

/** Checks each second, as the thread of the store does, and records when it renews. */
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

test('claims are renewed while the main thread is silent, well before they expire', () => {
  const standIn = new StandIn();
  standIn.renewed('a', ttlMs, 0);
  const renewed = renewals(standIn, () => 1, 60);
  expect(renewed[0]).toBeGreaterThanOrEqual(2);
  const gaps = renewed.map((second, index) => second - (renewed[index - 1] ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(5);
});

test('the stand-in stops after five minutes without a message of the main thread', () => {
  const standIn = new StandIn();
  standIn.renewed('a', ttlMs, 0);
  const renewed = renewals(standIn, () => 1, 900);
  expect(renewed.at(-1)).toBeGreaterThan(290);
  expect(renewed.at(-1)).toBeLessThanOrEqual(300);
});

test('a main thread that is alive renews its claims, or lets them expire', () => {
  const standIn = new StandIn();
  standIn.renewed('a', ttlMs, 0);
  expect(renewals(standIn, (second) => second, 60)).toEqual([]);
  // A claim that expired while the main thread was alive is not renewed when that thread is blocked later.
  expect(standIn.due(60, 70_000)).toEqual([]);
});

test('stops renewing for a thread that is no longer blocked', () => {
  const standIn = new StandIn();
  standIn.renewed('a', ttlMs, 0);
  const renewed = renewals(standIn, (second) => (second < 10 ? 0 : second), 20);
  expect(renewed.length).toBeGreaterThan(0);
  expect(renewed.every((second) => second < 10)).toBe(true);
});
