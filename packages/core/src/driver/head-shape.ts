import { fieldsOf, isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';

const open = ['queued', 'in_progress', 'running_tools', 'requires_action', 'cancelling'];
export const statuses: readonly string[] = [...open, 'completed', 'incomplete', 'failed', 'cancelled'];
const phases = ['starting', 'creating', 'waiting', 'tools', 'finishing', 'cancelling', 'done'];

/** Whether a saved head has what every version of it has. */
export function isHead({ status, phase, attempts, policy, limits, usage, metadata }: JsonObject): boolean {
  return (
    statuses.includes(String(status)) &&
    phases.includes(String(fieldsOf(phase)['type'])) &&
    Array.isArray(attempts) &&
    typeof fieldsOf(policy)['mode'] === 'string' &&
    typeof fieldsOf(usage)['totalTokens'] === 'number' &&
    isJsonObject(limits) &&
    isJsonObject(metadata)
  );
}

const isNumber = (value: JsonValue | undefined): boolean => typeof value === 'number';
const isNumberOrNull = (value: JsonValue | undefined): boolean => value === null || isNumber(value);

const numbers = ['createdAt', 'updatedAt', 'legStartedAt', 'epoch', 'iteration', 'toolErrors', 'pausedMs'];
const numbersOrNull = ['pausedAt', 'wakeAt', 'heldBackUntil', 'queueWindowMs'];

/** The fields of each phase that are times or counts. */
const phaseNumbers: Readonly<Record<string, readonly string[]>> = {
  creating: ['chainTries'],
  waiting: ['polls', 'failures', 'unsigned', 'reconnects', 'barren'],
  cancelling: ['tries', 'deadlineAt'],
};
const phaseNumbersOrNull: Readonly<Record<string, readonly string[]>> = {
  creating: ['retryAt', 'sentAt', 'giveUpAt'],
  waiting: ['nextAt', 'lastPolledAt', 'notFoundSince', 'foreignSince', 'cursor'],
  cancelling: ['retryAt'],
};

function isPending(pending: JsonValue | undefined): boolean {
  const { responseId, status, since } = fieldsOf(pending);
  return typeof responseId === 'string' && typeof status === 'string' && isNumber(since);
}

function isPhase(phase: JsonObject): boolean {
  const { type, pending } = phase;
  const of = (fields: Readonly<Record<string, readonly string[]>>): readonly string[] =>
    fields[String(type)] ?? [];
  return (
    of(phaseNumbers).every((name) => isNumber(phase[name])) &&
    of(phaseNumbersOrNull).every((name) => isNumberOrNull(phase[name])) &&
    (type !== 'waiting' || isPending(pending)) &&
    (type !== 'cancelling' || pending === null || isPending(pending))
  );
}

/**
 * Whether a head in the shape of this version can be driven: every time and count in it is a number. A delay that is
 * worked out from anything else would be none, and the run would be asked about without a pause.
 */
export function isUpgradedHead(head: JsonObject): boolean {
  const { startedAt, skewMs, gapMs } = fieldsOf(head['clock']);
  return (
    [startedAt, skewMs, gapMs].every(isNumber) &&
    numbers.every((name) => isNumber(head[name])) &&
    numbersOrNull.every((name) => isNumberOrNull(head[name])) &&
    ['unknownCreates', 'brokenResponses'].every((name) => isNumber(head[name] ?? 0)) &&
    isPhase(fieldsOf(head['phase']))
  );
}
