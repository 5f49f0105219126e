import { awaitsPerson } from '../../engine/run-status.ts';
import type { RunState } from '../../engine/run-state.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import type { RunFacts } from '../../ownership/ownership.ts';

/** The facts of a run's state that the ownership machine depends on. */
export function factsOf(state: RunState): RunFacts {
  const { revision, epoch, status } = state;
  const isOver = isTerminalRun(status);
  return { revision, epoch, standing: isOver ? 'over' : awaitsPerson(state) ? 'awaits_person' : 'open' };
}
