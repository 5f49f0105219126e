import { expect, test } from 'vitest';
import type { RunLook } from '../store/run-store.ts';
import { lookHint, type Place } from './look-hint.ts';

const quiet: RunLook = { runId: 'run-1', revision: 5, claimed: true, posted: false };

test.each<[Place, Partial<RunLook>, ReturnType<typeof lookHint>]>([
  ['driving', {}, undefined],
  // What was saved was saved from here, and the claim is ours.
  ['driving', { revision: 6, claimed: false }, undefined],
  ['driving', { posted: true }, 'posted'],
  ['resting', { claimed: false }, undefined],
  ['resting', { claimed: false, posted: true }, 'posted'],
  ['resting', { revision: 6 }, 'saved'],
  ['resting', { revision: undefined }, 'saved'],
  ['following', {}, undefined],
  // The messages are for the process that drives the run.
  ['following', { posted: true }, undefined],
  ['following', { revision: 6 }, 'saved'],
  ['following', { revision: undefined }, 'saved'],
  ['following', { claimed: false }, 'released'],
  ['following', { claimed: false, revision: 6 }, 'released'],
  ['stopped', { claimed: false, revision: 6, posted: true }, undefined],
])('section 10, followers: while %s, %o means %s', (place, look, hint) => {
  expect(lookHint(place, 5, { ...quiet, ...look })).toBe(hint);
});
