import type { RecordedDecision } from '../engine/engine-event.ts';
import type { RunStore } from '../store/run-store.ts';
import { isJsonObject, type JsonValue } from '../wire/json.ts';

/** What is handed on to whoever drives a run. */
export type InboxMessage =
  | {
      readonly type: 'decided';
      readonly decisions: readonly RecordedDecision[];
      /** The leg whose calls were looked at. */
      readonly iteration?: number;
    }
  | { readonly type: 'cancel_asked'; readonly reason?: string };

function isDecision(value: unknown): value is RecordedDecision {
  return isJsonObject(value) && typeof value['type'] === 'string' && typeof value['callId'] === 'string';
}

/** Reads what another process posted; what is not understood is dropped: it may come from a newer version. */
function readInboxMessage(value: JsonValue): InboxMessage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, decisions, reason, iteration } = value;
  if (type === 'cancel_asked') return { type, ...(typeof reason === 'string' ? { reason } : {}) };
  if (type === 'decided' && Array.isArray(decisions))
    return {
      type,
      decisions: decisions.filter(isDecision),
      ...(typeof iteration === 'number' ? { iteration } : {}),
    };
  return undefined;
}

/** Takes what other processes posted for a run. */
export async function takeMessages(store: RunStore, runId: string): Promise<InboxMessage[]> {
  const posted = (await store.receive?.(runId)) ?? [];
  return posted.map(readInboxMessage).filter((message) => message !== undefined);
}
