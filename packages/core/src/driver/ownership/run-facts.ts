import { awaitsPerson, onlyAwaitsTimer } from '../../engine/run-status.ts';
import type { ShownState } from '../../engine/view/view-of.ts';
import type { RunState } from '../../engine/run-state.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import type { RunFacts } from '../../ownership/ownership.ts';

/** A state of a run, and its last save. */
interface SavedRun {
  readonly state: ShownState;
  readonly commitId: string;
}

/**
 * The facts of a run's state that the ownership machine depends on. `parkFrom`: a run whose timer is not before this
 * time, on the run's own time line, is parked. Undefined: no run is parked here.
 */
export function factsOf({ state, commitId }: SavedRun, parkFrom?: number): RunFacts {
  const { createdAt, revision, epoch, halted } = state;
  const standing = standingOf(state, parkFrom);
  return { createdAt, revision, commitId, epoch, standing, ...(halted !== undefined && { halted: true }) };
}

function standingOf(state: RunState, parkFrom?: number): RunFacts['standing'] {
  const { status, wakeAt } = state;
  if (isTerminalRun(status)) return 'over';
  if (status === 'cancelling') return 'cancelling';
  if (awaitsPerson(state)) return 'awaits_person';
  const isFar = parkFrom !== undefined && wakeAt !== null && wakeAt >= parkFrom;
  return isFar && onlyAwaitsTimer(state) ? 'awaits_timer' : 'open';
}
