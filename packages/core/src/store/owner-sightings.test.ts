import { expect, test } from 'vitest';
import { OwnerSightings } from './owner-sightings.ts';

const ttlMs = 1_000;

test('an owner is gone if it has not renewed for the time to live since it was first seen with this number', () => {
  const sightings = new OwnerSightings();
  expect(sightings.isGone('a', { renewals: 5, ttlMs }, 100)).toBe(false);
  expect(sightings.isGone('a', { renewals: 5, ttlMs }, 1_099)).toBe(false);
  expect(sightings.isGone('a', { renewals: 5, ttlMs }, 1_100)).toBe(true);
});

test('a renewal restarts the time to live, regardless of the number', () => {
  const sightings = new OwnerSightings();
  sightings.isGone('a', { renewals: 5, ttlMs }, 0);
  expect(sightings.isGone('a', { renewals: 4, ttlMs }, 5_000)).toBe(false);
  expect(sightings.isGone('a', { renewals: 4, ttlMs }, 5_999)).toBe(false);
  expect(sightings.isGone('a', { renewals: 5, ttlMs }, 6_000)).toBe(false);
});

test('distinguishes owners, and sees a forgotten owner for the first time again', () => {
  const sightings = new OwnerSightings();
  sightings.isGone('a', { renewals: 1, ttlMs }, 0);
  expect(sightings.isGone('b', { renewals: 1, ttlMs }, ttlMs)).toBe(false);
  expect(sightings.isGone('a', { renewals: 1, ttlMs }, ttlMs)).toBe(true);
  sightings.forget('a');
  expect(sightings.isGone('a', { renewals: 1, ttlMs }, ttlMs)).toBe(false);
});
