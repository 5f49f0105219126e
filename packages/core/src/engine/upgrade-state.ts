import { fieldsOf, type JsonObject, type JsonValue } from '../wire/json.ts';
import { stateVersion } from './run-state.ts';

/** What version 2 added to a phase. */
function withVersion2Fields(phase: JsonObject): JsonObject {
  if (phase['type'] === 'creating') {
    const unprepared = phase['stage'] === 'preparing';
    return { ...phase, sentAt: null, giveUpAt: null, heard: false, refusal: null, early: [], unprepared };
  }
  if (phase['type'] === 'waiting') {
    const nothingStreamed = { doneItems: [], openItems: [], gap: false, begun: false };
    return { ...phase, unsigned: 0, foreignSince: null, chained: false, ...nothingStreamed };
  }
  return phase;
}

/** Version 1 had wall time alone, and no record of creates in a row. */
function toVersion2(state: JsonObject): JsonObject {
  return {
    ...state,
    clock: { startedAt: state['createdAt'], skewMs: 0, gapMs: 0 },
    trouble: null,
    otherPreviousId: null,
    heldBackUntil: null,
    queueWindowMs: null,
    phase: withVersion2Fields(fieldsOf(state['phase'])),
  };
}

/** Version 3 renamed fields. */
function toVersion3({ legStartedAt, held, ...state }: JsonObject): JsonObject {
  const { barren, ...phase } = fieldsOf(state['phase']);
  return {
    ...state,
    iterationStartedAt: legStartedAt,
    draining: held,
    phase: barren === undefined ? phase : { ...phase, emptyStreams: barren },
  };
}

/**
 * Converts a saved state of an earlier version to the shape of this version. Returns a state of this version as it is.
 */
export function upgradeState(state: JsonObject): JsonObject {
  const { version } = state;
  if (version === stateVersion) return state;
  return { ...toVersion3(version === 1 ? toVersion2(state) : state), version: stateVersion };
}

/**
 * Converts stored items of earlier versions. A run that was started by an earlier version and resumed by this one has
 * items of both, so this does not depend on the version of the state.
 */
export function upgradeItem(item: JsonValue): JsonValue {
  const fields = fieldsOf(item);
  return fields['type'] === 'leg' ? { ...fields, type: 'iteration' } : item;
}
