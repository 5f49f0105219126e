import type { WireTool } from '../wire/create-body.ts';
import type { Continuation } from './engine-event.ts';
import { conversationOf } from './conversation.ts';
import type { RunState } from './run-state.ts';
import type { StoredItem } from './stored-item.ts';

/** How a new run carries a terminal one on: from its last completed response, or from where that one itself began. `tools` are the new run's. */
export function continuationOf(
  state: RunState,
  items: readonly StoredItem[],
  tools: readonly WireTool[],
): Continuation {
  const { responseId, stored, history, lead } = conversationOf(items, tools);
  return {
    history,
    lead,
    previousResponseId: responseId ?? state.previousResponseId,
    stored: stored && state.stored !== false ? null : false,
  };
}
