import type { RunHead } from '../../store/run-store.ts';
import { fieldsOf, isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { fitsState, isPhase } from './state-shape.ts';
import { wordOf } from '../../wire/text-of.ts';

const open = ['queued', 'in_progress', 'running_tools', 'requires_action', 'cancelling'];
export const statuses: readonly string[] = [...open, 'completed', 'incomplete', 'failed', 'cancelled'];

/** Whether a saved head has what every version of it has. */
export function isHead({ status, phase, attempts, policy, limits, usage, metadata }: JsonObject): boolean {
  return (
    statuses.includes(wordOf(status)) &&
    isPhase(phase) &&
    Array.isArray(attempts) &&
    typeof fieldsOf(policy)['mode'] === 'string' &&
    typeof fieldsOf(usage)['totalTokens'] === 'number' &&
    isJsonObject(limits) &&
    isJsonObject(metadata)
  );
}

function isPending(pending: JsonValue | undefined): boolean {
  const { responseId, status } = fieldsOf(pending);
  return typeof responseId === 'string' && typeof status === 'string';
}

/** The list is missing in heads of older versions. */
function isProcessed(messages: JsonValue | undefined): boolean {
  if (messages === undefined) return true;
  return Array.isArray(messages) && messages.every(isProcessedMessage);
}

function isProcessedMessage(message: JsonValue): boolean {
  const { id, result, decided } = fieldsOf(message);
  if (typeof id !== 'string' || !['applied', 'rejected'].includes(wordOf(result))) return false;
  const { calls } = fieldsOf(decided);
  return decided === undefined || (Array.isArray(calls) && calls.every(isJsonObject));
}

/**
 * Whether a head in the shape of this version can be driven: every time and count in it is a number. A delay
 * that is computed from another value would be zero, and the run would poll without a pause.
 */
export function isUpgradedHead(head: JsonObject): head is JsonObject & RunHead {
  const { type, pending } = fieldsOf(head['phase']);
  const isAwaited = type === 'waiting' || (type === 'cancelling' && pending !== null);
  return fitsState(head) && isProcessed(head['processedMessages']) && (!isAwaited || isPending(pending));
}
