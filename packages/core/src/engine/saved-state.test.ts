import { describe, expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import { fieldsOf, type JsonObject, type JsonValue } from '../wire/json.ts';
import { upgradeState } from './saved-state.ts';

/** A saved run in the format of version 2, in which some fields had other names. */
function asVersion2(snapshot: RunSnapshot): {
  readonly head: JsonObject;
  readonly items: readonly JsonValue[];
} {
  const { head, items } = JSON.parse(JSON.stringify(snapshot));
  const { iterationStartedAt, draining, bufferedUntil, phase, ...rest } = head;
  const { emptyStreams, withoutCredentials, ...oldPhase } = phase;
  const oldNames = { barren: emptyStreams, unsigned: withoutCredentials };
  return {
    head: {
      ...rest,
      version: 2,
      legStartedAt: iterationStartedAt,
      held: draining,
      heldBackUntil: bufferedUntil,
      phase: { ...oldPhase, ...(phase.type === 'waiting' ? oldNames : {}) },
    },
    items: items.map((item: JsonObject) => (item['type'] === 'iteration' ? { ...item, type: 'leg' } : item)),
  };
}

/** A saved run in the format of version 1, without the fields that version 2 added. */
function asVersion1(snapshot: RunSnapshot): {
  readonly head: JsonObject;
  readonly items: readonly JsonValue[];
} {
  const { head, items } = asVersion2(snapshot);
  const {
    clock: _clock,
    trouble: _trouble,
    otherPreviousId: _otherPreviousId,
    heldBackUntil: _heldBackUntil,
    queueWindowMs: _queueWindowMs,
    asides: _asides,
    phase,
    ...rest
  } = head;
  const {
    openItems: _openItems,
    gap: _gap,
    foreignSince: _foreignSince,
    gapFetched: _gapFetched,
    ...old
  } = fieldsOf(phase);
  const { sentAt: _sentAt, giveUpAt: _giveUpAt, heard: _heard, refusal: _refusal, ...oldest } = old;
  const oldPhase = { ...oldest, ...('chainTries' in oldest ? { tries: 0 } : {}) };
  return { head: { ...rest, version: 1, phase: oldPhase }, items };
}

describe.each([
  ['version 1', asVersion1],
  ['version 2', asVersion2],
])('a run that %s saved', (_version, asSaved) => {
  test.each([
    ['sending its first create', 0],
    ['waiting', 1_000],
    ['waiting for its second response', 13_000],
  ])('while %s is resumed', async (_name, ms) => {
    const s = scenario({ runner: { mode: 'poll' } });
    const run = s.start();
    await s.clock.advance(ms);
    const snapshot = run.snapshot();
    await run.detach();
    const old = JSON.parse(JSON.stringify(asSaved(snapshot)));
    // Another store does not have the run.
    const resumed = await s.reboot({ store: memoryStore({ clock: s.clock }) }).resume(s.agent, old);
    expect((await s.settle(resumed.result())).text).toBe('Leave the umbrella at home.');
  });

  test('is shown with the iterations of all versions', async () => {
    const s = scenario({ runner: { mode: 'poll', continuation: 'replay' } });
    const run = s.start();
    await s.clock.advance(13_000);
    const snapshot = run.snapshot();
    await run.detach();
    const { head, items } = JSON.parse(JSON.stringify(asSaved(snapshot)));
    const { items: mixed } = JSON.parse(JSON.stringify(snapshot));
    for (const old of [
      { head, items },
      { head: JSON.parse(JSON.stringify(snapshot.head)), items },
      { head, items: mixed },
    ]) {
      const resumed = await s.reboot({ store: memoryStore({ clock: s.clock }) }).resume(s.agent, old);
      const { view } = await s.settle(resumed.result());
      expect(
        view.iterations.map(({ index, status, toolCallIds }) => [index, status, toolCallIds.length]),
      ).toEqual([
        [0, 'completed', 1],
        [1, 'completed', 0],
      ]);
    }
  });
});

test('a state of this version is not changed', () => {
  const state = JSON.parse('{"version":3}');
  expect(upgradeState(state)).toBe(state);
});

test('fields of version 2 are renamed to version 3', () => {
  const phase = { type: 'waiting', barren: 2, unsigned: 1 };
  const state = {
    version: 2,
    legStartedAt: 5,
    held: true,
    heldBackUntil: 9,
    phase,
    trouble: { creates: 4, unsigned: 3 },
  };
  expect(upgradeState(state)).toEqual({
    version: 3,
    iterationStartedAt: 5,
    draining: true,
    bufferedUntil: 9,
    phase: { type: 'waiting', emptyStreams: 2, withoutCredentials: 1 },
    trouble: { creates: 4, withoutCredentials: 3 },
  });
});

test.each([
  [{ status: 'incomplete', error: { code: 'max_iterations' }, limit: true }, 'limit'],
  [{ status: 'failed', error: { code: 'configuration' } }, 'configuration'],
  [{ status: 'failed', error: { code: 'server_error' } }, undefined],
])('the outcome %j of version 2 has the error kind %s', (outcome, errorKind) => {
  const upgraded = upgradeState({ version: 2, phase: { type: 'done', outcome } });
  const { status, error } = outcome;
  expect(upgraded['phase']).toEqual({
    type: 'done',
    outcome: { status, error, ...(errorKind === undefined ? {} : { errorKind }) },
  });
});
