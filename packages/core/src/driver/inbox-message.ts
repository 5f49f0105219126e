import type { RecordedDecision } from '../engine/engine-event.ts';
import type { RunStore } from '../store/run-store.ts';
import { isJsonObject, type JsonValue } from '../wire/json.ts';

/** What is handed on to whoever drives a run. */
export type InboxMessage =
  | {
      readonly type: 'decided';
      readonly decisions: readonly RecordedDecision[];
      /** The leg whose calls were looked at: a decision is for those, whatever ids later calls have. */
      readonly iteration: number;
    }
  | { readonly type: 'cancel_asked'; readonly reason?: string };

function isDecision(value: unknown): value is RecordedDecision {
  if (!isJsonObject(value) || typeof value['callId'] !== 'string') return false;
  const { type, output, json, message } = value;
  if (type === 'output') return output !== undefined && typeof json === 'boolean';
  if (type === 'error') return typeof message === 'string';
  return type === 'approve' || type === 'deny';
}

/**
 * Reads what another process posted. What is not understood is dropped: it may come from a newer version. So are
 * decisions that do not say for which leg they were made: servers give calls of different legs the same id.
 */
function readInboxMessage(value: JsonValue): InboxMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, decisions, reason, iteration } = value;
  if (type === 'cancel_asked') return { type, ...(typeof reason === 'string' ? { reason } : {}) };
  if (type === 'decided' && Array.isArray(decisions) && typeof iteration === 'number')
    return { type, decisions: decisions.filter(isDecision), iteration };
  return undefined;
}

/** Takes what other processes posted for a run. */
export async function takeMessages(store: RunStore, runId: string): Promise<InboxMessage[]> {
  const posted = (await store.receive?.(runId)) ?? [];
  return posted.map(readInboxMessage).filter((message) => message !== undefined);
}
