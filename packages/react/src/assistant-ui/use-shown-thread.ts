import { useState } from 'react';

interface State {
  /** The `threadId` option at the time of the selection. */
  readonly option: string | undefined;
  readonly threadId: string | undefined;
  /** The number of chats that were begun here. */
  readonly drafts: number;
  /** The chat that was begun here, after its first message: its thread, and the id that it had before. */
  readonly begun: { readonly threadId: string; readonly itemId: string } | undefined;
}

export interface ShownThread {
  readonly threadId: string | undefined;
  /** The id that assistant-ui has for the thread that is shown. */
  readonly itemId: string;
  /** The id that assistant-ui has for a thread. */
  itemOf(threadId: string): string;
  /** The thread of an id of assistant-ui. */
  threadOf(itemId: string): string;
  /** The first message of a new chat was sent. */
  begin(threadId: string): void;
  /** Shows a thread, or a new chat. */
  show(threadId: string | undefined): void;
}

function draftId({ drafts }: State): string {
  return `new-${drafts}`;
}

/**
 * Selects the thread that is shown: the one of the last change of the option, or the one that was selected last, whichever
 * is later. assistant-ui discards the composer when the id of the thread changes, so a new chat keeps its first id after
 * it has become a thread.
 */
export function useShownThread(option: string | undefined): ShownThread {
  const [state, setState] = useState<State>({ option, threadId: option, drafts: 0, begun: undefined });
  let shown = state;
  if (state.option !== option) {
    shown = { ...state, option, threadId: option };
    setState(shown);
  }
  const { threadId, begun } = shown;
  const itemOf = (id: string): string => (id === begun?.threadId ? begun.itemId : id);
  return {
    threadId,
    itemId: threadId === undefined ? draftId(shown) : itemOf(threadId),
    itemOf,
    threadOf: (id) => (id === begun?.itemId ? begun.threadId : id),
    begin: (id) =>
      setState((now) => ({
        ...now,
        threadId: id,
        drafts: now.drafts + 1,
        begun: { threadId: id, itemId: draftId(now) },
      })),
    show: (id) => setState((now) => ({ ...now, threadId: id })),
  };
}
