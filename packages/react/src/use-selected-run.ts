import type { Agent, Run } from '@longhaul/core';
import { useState } from 'react';

interface Selection<A extends Agent> {
  /** The `runId` option as it was when this was selected. */
  readonly option: string | undefined;
  readonly runId: string | undefined;
  /** The run, where this component started it. */
  readonly started: Run<A> | undefined;
}

export interface SelectedRun<A extends Agent> extends Selection<A> {
  select(run: Run<A> | undefined): void;
}

/**
 * Which run a component shows: what the `runId` option named last or what was started last, whichever came later. A
 * router that is slow to take up the new id, or a component that has none, changes nothing about it.
 */
export function useSelectedRun<A extends Agent>(option: string | undefined): SelectedRun<A> {
  const [state, setState] = useState<Selection<A>>({ option, runId: option, started: undefined });
  let selection = state;
  if (selection.option !== option) {
    // The URL that catches up with a run just started is no other run.
    selection = { ...(option === state.runId ? state : { runId: option, started: undefined }), option };
    setState(selection);
  }
  return { ...selection, select: (run) => setState({ option, runId: run?.id, started: run }) };
}
