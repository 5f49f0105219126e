import { useState } from 'react';

/** A thread that was begun here, and the id that assistant-ui has for it. */
export interface BegunThread {
  readonly threadId: string;
  readonly itemId: string;
}

interface State {
  /** The `threadId` option at the time of the selection. */
  readonly option: string | undefined;
  readonly threadId: string | undefined;
  /** The number of chats that were begun here. */
  readonly drafts: number;
  /** The last chat that was begun here, after its first message. */
  readonly begun: BegunThread | undefined;
}

export interface ShownThread {
  readonly threadId: string | undefined;
  /** The id that assistant-ui has for the thread that is shown. */
  readonly itemId: string;
  readonly begun: BegunThread | undefined;
  /** The thread of an id of assistant-ui. */
  threadOf(itemId: string): string;
  /** The first message of a new chat was sent. */
  begin(threadId: string): void;
  /** Shows a thread, or a new chat. */
  show(threadId: string | undefined): void;
}

/** The id that assistant-ui has for a thread. */
export function itemOf(threadId: string, begun: BegunThread | undefined): string {
  return threadId === begun?.threadId ? begun.itemId : threadId;
}

function draftId({ drafts }: State): string {
  return `new-${drafts}`;
}

/**
 * Selects the thread that is shown. A change of the option and a selection in the list both select a thread; the last one
 * counts. assistant-ui discards the composer when the id of the thread changes. So a new chat keeps its first id after it
 * has become a thread.
 */
export function useShownThread(option: string | undefined): ShownThread {
  const [state, setState] = useState<State>({ option, threadId: option, drafts: 0, begun: undefined });
  let shown = state;
  if (state.option !== option) {
    shown = { ...state, option, threadId: option };
    setState(shown);
  }
  const { threadId, begun } = shown;
  return {
    threadId,
    itemId: threadId === undefined ? draftId(shown) : itemOf(threadId, begun),
    begun,
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
