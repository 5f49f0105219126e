import { expect, test } from 'vitest';
import { OwnerSightings } from './owner-sightings.ts';

const ttlMs = 1_000;

test('claims have expired one time to live after the current number of their owner was first seen', () => {
  const sightings = new OwnerSightings();
  expect(sightings.isGone('a', { renewals: 5, ttlMs }, 100)).toBe(false);
  expect(sightings.isGone('a', { renewals: 5, ttlMs }, 1_099)).toBe(false);
  expect(sightings.isGone('a', { renewals: 5, ttlMs }, 1_100)).toBe(true);
});

test('every change of the number restarts the time to live, even a decrease', () => {
  const sightings = new OwnerSightings();
  sightings.isGone('a', { renewals: 5, ttlMs }, 0);
  expect(sightings.isGone('a', { renewals: 4, ttlMs }, 5_000)).toBe(false);
  expect(sightings.isGone('a', { renewals: 4, ttlMs }, 5_999)).toBe(false);
  expect(sightings.isGone('a', { renewals: 5, ttlMs }, 6_000)).toBe(false);
});

test('measures each owner separately, and a forgotten owner from the beginning', () => {
  const sightings = new OwnerSightings();
  sightings.isGone('a', { renewals: 1, ttlMs }, 0);
  expect(sightings.isGone('b', { renewals: 1, ttlMs }, ttlMs)).toBe(false);
  expect(sightings.isGone('a', { renewals: 1, ttlMs }, ttlMs)).toBe(true);
  sightings.forget('a');
  expect(sightings.isGone('a', { renewals: 1, ttlMs }, ttlMs)).toBe(false);
});
