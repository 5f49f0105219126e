import { statusOf } from '../run-status.ts';
import type { Step } from '../step.ts';
import { isTerminalRun } from '../view/run-view.ts';

/** The public status follows from the rest of the state. An end is told by an event of its own. */
export function showStatus(step: Step): void {
  const status = statusOf(step.state);
  if (status === step.state.status) return;
  step.set({ status });
  if (!isTerminalRun(status)) step.emit({ type: 'run.status', status });
}
