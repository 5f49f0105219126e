import type { RecordedDecision } from '../engine/engine-event.ts';
import { mustBe } from '../errors/must-be.ts';
import type { RunStore } from '../store/run-store.ts';
import { fieldsOf, isJsonObject, type JsonValue } from '../wire/json.ts';

/** What is handed on to whoever drives a run. */
export type InboxEvent =
  | {
      readonly type: 'decided';
      readonly decisions: readonly RecordedDecision[];
      /** The iteration whose calls were looked at: a decision is for those, whatever ids later calls have. */
      readonly iteration: number;
    }
  | { readonly type: 'cancel_asked'; readonly reason?: string }
  /** Was left for the run, and cannot be understood: damaged, or of a newer version. */
  | { readonly type: 'unreadable_message' };

function isDecision(value: unknown): value is RecordedDecision {
  if (!isJsonObject(value) || typeof value['callId'] !== 'string') return false;
  const { type, output, json, message } = value;
  if (type === 'output') return output !== undefined && typeof json === 'boolean';
  if (type === 'error') return typeof message === 'string';
  return type === 'approve' || type === 'deny';
}

/**
 * Reads what another process posted, each message for itself. The sender of a message that is not understood must hear
 * of it. So must the sender of decisions that do not say for which iteration they were made: servers give calls of
 * different iterations the same id.
 */
function readInboxMessage(value: JsonValue): readonly InboxEvent[] {
  const unreadable = { type: 'unreadable_message' } as const;
  const { type, decisions, reason, iteration } = fieldsOf(value);
  if (type === 'cancel_asked') return [{ type, ...(typeof reason === 'string' ? { reason } : {}) }];
  if (type !== 'decided' || !Array.isArray(decisions) || typeof iteration !== 'number') return [unreadable];
  const readable = decisions.filter(isDecision);
  const decided = { type, decisions: readable, iteration } as const;
  return readable.length === decisions.length ? [decided] : [decided, unreadable];
}

/** Takes what other processes posted for a run. */
export async function takeMessages(store: RunStore, runId: string): Promise<InboxEvent[]> {
  const posted = (await store.receive?.(runId)) ?? [];
  mustBe(Array.isArray(posted), 'store', 'receive', 'a function that answers an array');
  return posted.flatMap(readInboxMessage);
}
