import type { EngineEventBody, MessageSource, RecordedDecision } from '../../engine/engine-event.ts';
import { mustBe } from '../../errors/must-be.ts';
import type { InboxMessage, ReceivedMessage, RunStore } from '../../store/run-store.ts';
import { defined } from '../../wire/defined.ts';
import { fieldsOf, isJsonObject, jsonCopy, type JsonObject, type JsonValue } from '../../wire/json.ts';

/** A message of the user, or of a webhook, for a run, for the loop of this process or for the process that drives the run. */
export type InboxEvent = Extract<
  EngineEventBody,
  {
    readonly type:
      | 'decided'
      | 'cancel_asked'
      | 'lease_asked'
      | 'steer_asked'
      | 'owner_assigned'
      | 'unreadable_message'
      | 'woken';
  }
>;

function isDecision(value: unknown): value is RecordedDecision {
  if (!isJsonObject(value) || typeof value['callId'] !== 'string') return false;
  const { type, output, json, message, leaseId } = value;
  if (leaseId !== undefined && typeof leaseId !== 'string') return false;
  if (type === 'output') return output !== undefined && typeof json === 'boolean';
  if (type === 'error') return typeof message === 'string';
  return type === 'approve' || type === 'deny';
}

function isInput(value: JsonValue | undefined): value is string | JsonObject[] {
  return typeof value === 'string' || (Array.isArray(value) && value.every(isJsonObject));
}

/**
 * Reads a message that another process posted. If its type or one of its decisions is invalid, the whole message has no
 * effect, and the run records a warning. Decisions must name their iteration, because servers may repeat the ids of
 * calls.
 */
function readInboxMessage({ id: storeId, message }: ReceivedMessage): InboxEvent {
  const { type, decisions, reason, iteration, id, by, callId, leaseId, owner, steerId, input, responseId } =
    fieldsOf(message);
  const source: MessageSource = { storeId, ...(typeof id === 'string' && { id }) };
  if (type === 'cancel_asked') return { type, source, ...(typeof reason === 'string' && { reason }) };
  if (type === 'owner_assigned' && typeof owner === 'string') return { type, owner, source };
  if (type === 'steer_asked' && typeof steerId === 'string' && isInput(input))
    return { type, steerId, input, source };
  if (type === 'woken') return { type, source, ...(typeof responseId === 'string' && { responseId }) };
  if (typeof iteration === 'number') {
    if (type === 'lease_asked' && typeof callId === 'string' && typeof leaseId === 'string')
      return { type, callId, leaseId, iteration, source };
    if (type === 'decided' && Array.isArray(decisions) && decisions.every(isDecision))
      return { type, decisions, iteration, ...(typeof by === 'string' && { by }), source };
  }
  return { type: 'unreadable_message', source: { storeId } };
}

/** The JSON that {@link readInboxMessage} reads. */
export function messageBody({ source, ...message }: InboxEvent): InboxMessage {
  return jsonCopy({ ...message, ...defined({ id: source?.id }) });
}

/**
 * The messages that other processes posted for a run, oldest first. They stay in the store until a commit deletes
 * them.
 */
export async function receiveMessages(store: RunStore, runId: string): Promise<InboxEvent[]> {
  const received = (await store.receive?.(runId)) ?? [];
  const isList = Array.isArray(received) && received.every((one) => typeof fieldsOf(one)['id'] === 'string');
  mustBe(isList, 'store', 'receive', 'a function that returns an array of { id, message }');
  return received.map(readInboxMessage);
}
