import { stateVersion, type RunState } from './run-state.ts';
import type { Streamed } from './streamed.ts';
import { fieldsOf, isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';

/** The state of a stream without events. */
export const nothingStreamed: Streamed = Object.freeze({
  doneItems: [],
  openItems: [],
  gap: false,
  begun: false,
});

/**
 * The state to save, without the data of a stream. That data may be large, and another process reads it again from the
 * beginning of the stream. If that process cannot read the stream, the data is missing, which `gap` records.
 */
export function savedState(state: RunState): RunState {
  const { phase } = state;
  if (phase.type === 'creating') return { ...state, phase: { ...phase, early: [] } };
  if (phase.type !== 'waiting') return state;
  return { ...state, phase: { ...phase, ...nothingStreamed, gap: phase.gap || phase.mode === 'stream' } };
}

/** The time of the last save on the run's time line. */
export function savedTime({ updatedAt, clock }: RunState): number {
  return updatedAt - clock.skewMs;
}

/** Adds the fields that version 2 added to the phases. */
function withVersion2Fields(phase: JsonObject): JsonObject {
  if (phase['type'] === 'creating') {
    const unprepared = phase['stage'] === 'preparing';
    return { ...phase, sentAt: null, giveUpAt: null, heard: false, refusal: null, early: [], unprepared };
  }
  if (phase['type'] === 'waiting') {
    const nothingRead = { doneItems: [], openItems: [], gap: false, begun: false };
    return { ...phase, unsigned: 0, foreignSince: null, chained: false, ...nothingRead };
  }
  return phase;
}

/** Version 1 had only wall time, and no record of consecutive failed creates. */
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

/** An object with some of its fields renamed. */
function renamed(object: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [names[name] ?? name, value]));
}

const stateNames = { legStartedAt: 'iterationStartedAt', held: 'draining', heldBackUntil: 'bufferedUntil' };
const troubleNames = { unsigned: 'withoutCredentials' };
const phaseNames = { ...troubleNames, barren: 'emptyStreams' };

/**
 * Version 2 marked a limit by the flag `limit`, and an error of the caller's configuration by the code `configuration`.
 */
function toVersion3Outcome({ limit, ...outcome }: JsonObject): JsonObject {
  if (limit === true) return { ...outcome, errorKind: 'limit' };
  const isConfiguration = fieldsOf(outcome['error'])['code'] === 'configuration';
  return isConfiguration ? { ...outcome, errorKind: 'configuration' } : outcome;
}

function toVersion3Phase(phase: JsonObject): JsonObject {
  const { outcome, ...rest } = renamed(phase, phaseNames);
  return outcome === undefined ? rest : { ...rest, outcome: toVersion3Outcome(fieldsOf(outcome)) };
}

/** Version 3 renamed fields, and names the kind of the error in an outcome. */
function toVersion3(state: JsonObject): JsonObject {
  const { phase, trouble } = state;
  return {
    ...renamed(state, stateNames),
    phase: toVersion3Phase(fieldsOf(phase)),
    trouble: isJsonObject(trouble) ? renamed(trouble, troubleNames) : null,
  };
}

/**
 * Converts a saved state of an earlier version to the shape of this version. Returns a state of this version unchanged.
 */
export function upgradeState(state: JsonObject): JsonObject {
  const { version } = state;
  if (version === stateVersion) return state;
  return { ...toVersion3(version === 1 ? toVersion2(state) : state), version: stateVersion };
}

/**
 * Converts stored items of earlier versions. A run that was started by an earlier version and resumed by this one has
 * items of both, so the conversion does not depend on the version of the state.
 */
export function upgradeItem(item: JsonValue): JsonValue {
  const fields = fieldsOf(item);
  return fields['type'] === 'leg' ? { ...fields, type: 'iteration' } : item;
}
