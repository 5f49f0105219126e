import { awaitsPerson } from '../../engine/run-status.ts';
import type { RunState } from '../../engine/run-state.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import type { RunFacts } from '../../ownership/ownership.ts';

/** A state of a run, and its last save. */
interface SavedRun {
  readonly state: RunState;
  readonly commitId: string;
}

/** The facts of a run's state that the ownership machine depends on. */
export function factsOf({ state, commitId }: SavedRun): RunFacts {
  const { createdAt, revision, epoch } = state;
  return { createdAt, revision, commitId, epoch, standing: standingOf(state) };
}

function standingOf(state: RunState): RunFacts['standing'] {
  const { status } = state;
  if (isTerminalRun(status)) return 'over';
  if (status === 'cancelling') return 'cancelling';
  return awaitsPerson(state) ? 'awaits_person' : 'open';
}
