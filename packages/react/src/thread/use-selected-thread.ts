import { useState } from 'react';

interface Selection {
  /** The `threadId` option at the time of the selection. */
  readonly option: string | undefined;
  readonly threadId: string | undefined;
  /** The run whose branch is shown. Undefined: the branch with the newest leaf. */
  readonly shown: string | undefined;
}

export interface SelectedThread extends Selection {
  /** Shows the branch of this run. A run of another thread selects that thread. */
  show(threadId: string | undefined, runId: string | undefined): void;
}

/**
 * Selects the thread and the branch that a component shows: the thread of the last change of the `threadId` option, or
 * the thread that was started last, whichever is later.
 */
export function useSelectedThread(option: string | undefined): SelectedThread {
  const [state, setState] = useState<Selection>({
    option,
    threadId: option,
    shown: undefined,
  });
  let selection = state;
  if (selection.option !== option) {
    // The new option may be the id of the thread that was just started.
    selection =
      option === state.threadId ? { ...state, option } : { option, threadId: option, shown: undefined };
    setState(selection);
  }
  return {
    ...selection,
    show: (threadId, shown) => setState({ option, threadId, shown }),
  };
}
