import { awaitsPerson } from '../../engine/run-status.ts';
import type { RunState } from '../../engine/run-state.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import type { RunFacts } from '../../ownership/ownership.ts';

/** What the ownership machine needs to know of a run's state. */
export function factsOf(state: RunState): RunFacts {
  const { revision, epoch, status } = state;
  const isOver = isTerminalRun(status);
  return { revision, epoch, standing: isOver ? 'over' : awaitsPerson(state) ? 'awaits_person' : 'open' };
}
