import type { Continuation } from './engine-event.ts';
import { conversationOf } from './conversation.ts';
import type { RunState } from './run-state.ts';
import type { StoredItem } from './stored-item.ts';

/** How a new run carries a terminal one on: from its last completed response, or from where that one itself began. */
export function continuationOf(state: RunState, items: readonly StoredItem[]): Continuation {
  const { responseId, stored, history, lead } = conversationOf(items);
  return {
    history,
    lead,
    previousResponseId: responseId ?? state.previousResponseId,
    stored: stored && state.stored !== false ? null : false,
  };
}
