import { expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { JsonObject } from '../wire/json.ts';
import { upgradeState } from './upgrade-state.ts';

/** A saved run as version 1 wrote it: without what version 2 added. */
function asVersion1(head: object): JsonObject {
  const {
    clock: _clock,
    trouble: _trouble,
    otherPreviousId: _otherPreviousId,
    heldBackUntil: _heldBackUntil,
    queueWindowMs: _queueWindowMs,
    asides: _asides,
    phase,
    ...rest
  } = JSON.parse(JSON.stringify(head));
  const {
    openItems: _openItems,
    gap: _gap,
    foreignSince: _foreignSince,
    gapFetched: _gapFetched,
    ...old
  } = phase;
  const { sentAt: _sentAt, giveUpAt: _giveUpAt, heard: _heard, refusal: _refusal, ...oldest } = old;
  return { ...rest, version: 1, phase: { ...oldest, ...('chainTries' in oldest ? { tries: 0 } : {}) } };
}

test.each([
  ['sending its first create', 0],
  ['waiting', 1_000],
  ['waiting for its second response', 13_000],
])('a run that version 1 saved while %s is resumed', async (_name, ms) => {
  const s = scenario({ runner: { mode: 'poll' } });
  const run = s.start();
  await s.clock.advance(ms);
  const snapshot = run.snapshot();
  await run.detach();
  const old = JSON.parse(JSON.stringify({ ...snapshot, head: asVersion1(snapshot.head) }));
  // Another store does not know the run.
  const resumed = await s.reboot({ store: memoryStore({ clock: s.clock }) }).resume(s.agent, old);
  expect((await s.settle(resumed.result())).text).toBe('Leave the umbrella at home.');
});

test('a state of this version is not touched', () => {
  const state = JSON.parse('{"version":2}');
  expect(upgradeState(state)).toBe(state);
});
