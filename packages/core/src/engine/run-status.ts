import type { RunState } from './run-state.ts';
import { isSettledCall, type RunStatus } from './view/run-view.ts';

/** The public status that a state amounts to. */
export function statusOf(state: RunState): RunStatus {
  const { phase } = state;
  switch (phase.type) {
    case 'starting':
    case 'creating':
      // A foreground model works from the moment it is asked; a background one is queued first.
      return state.background ? 'queued' : 'in_progress';
    case 'waiting':
      return phase.pending.status === 'queued' ? 'queued' : 'in_progress';
    case 'finishing':
      return 'in_progress';
    case 'tools': {
      const waits = phase.calls.some(({ status }) => status.startsWith('awaiting_'));
      const runs = phase.calls.some(({ status }) => status === 'running' || status === 'pending');
      // All may be settled while driving is about to stop: then the next iteration is due, and no person is.
      return waits && !runs ? 'requires_action' : 'running_tools';
    }
    case 'cancelling':
      return 'cancelling';
    case 'done':
      return phase.outcome.status;
  }
}

/**
 * Whether nothing happens until a person decides: every call that is open waits for one, and its tool has been asked
 * about it. While a tool is still being asked there is something under way, which will be saved.
 */
export function awaitsPerson({ phase, status }: RunState): boolean {
  if (phase.type !== 'tools' || status !== 'requires_action') return false;
  return phase.calls.every((call) => call.assessed || isSettledCall(call.status));
}

/** Whether no create of this run has been answered with a response: then nothing is lost where the run ends. */
export function hasNoResponseYet({ iteration, attempts }: RunState): boolean {
  return iteration === 0 && attempts.every(({ responseId }) => responseId === null);
}

/** Creates of one iteration whose answer may be lost. Each may have started a job. */
export const unknownPerIteration = 2;

/** Whether the iteration sends no more creates automatically. Then only a call of `resume` sends another one. */
export function isCreateRetryUsed({ phase, unknownCreates = 0 }: RunState): boolean {
  return phase.type === 'creating' && unknownCreates >= unknownPerIteration;
}
