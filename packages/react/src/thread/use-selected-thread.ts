import { useState } from 'react';

/**
 * A thread that a component shows, or a new chat that becomes one. An action belongs to the conversation that the
 * component showed at the time of the call, even if the component shows another one now.
 */
export interface Conversation {
  /** Undefined until the first turn of a new chat has started. */
  threadId: string | undefined;
  /** The run whose branch is shown. Undefined: the branch with the newest leaf. */
  shown: string | undefined;
}

interface Selection extends Readonly<Conversation> {
  /** The `threadId` option at the time of the selection. */
  readonly option: string | undefined;
  /** The same object until another conversation is selected. */
  readonly conversation: Conversation;
}

export interface SelectedThread extends Selection {
  /** Shows the branch of this run, in the same conversation. */
  show(threadId: string | undefined, runId: string | undefined): void;
}

function selectionOf(option: string | undefined): Selection {
  const conversation = { threadId: option, shown: undefined };
  return { ...conversation, option, conversation };
}

/**
 * Selects the thread and the branch that a component shows: the thread of the last change of the `threadId` option, or
 * the thread that was started last, whichever is later.
 */
export function useSelectedThread(option: string | undefined): SelectedThread {
  const [state, setState] = useState<Selection>(() => selectionOf(option));
  let selection = state;
  if (selection.option !== option) {
    // The new option may be the id of the thread that was just started.
    selection = option === state.threadId ? { ...state, option } : selectionOf(option);
    setState(selection);
  }
  const { conversation } = selection;
  return {
    ...selection,
    show: (threadId, shown) => setState({ option, threadId, shown, conversation }),
  };
}
