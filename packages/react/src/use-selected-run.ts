import type { AgentRef, Run } from '@longhaul/core';
import { useState } from 'react';

interface Selection<A extends AgentRef> {
  /** The `runId` option at the time of the selection. */
  readonly option: string | undefined;
  readonly runId: string | undefined;
  /** The run, if this component started it. */
  readonly started: Run<A> | undefined;
}

export interface SelectedRun<A extends AgentRef> extends Selection<A> {
  select(run: Run<A> | undefined): void;
}

/**
 * Selects the run that a component shows: the run of the last change of the `runId` option, or the last started run,
 * whichever is later. A started run stays selected if the router updates `runId` late or not at all.
 */
export function useSelectedRun<A extends AgentRef>(option: string | undefined): SelectedRun<A> {
  const [state, setState] = useState<Selection<A>>({ option, runId: option, started: undefined });
  let selection = state;
  if (selection.option !== option) {
    // The new option may be the id of the run that was just started.
    selection = { ...(option === state.runId ? state : { runId: option, started: undefined }), option };
    setState(selection);
  }
  return { ...selection, select: (run) => setState({ option, runId: run?.id, started: run }) };
}
