import type { RunState } from './run-state.ts';
import { isSettledCall, type RunStatus } from './view/run-view.ts';

/** The public status of a state. */
export function statusOf(state: RunState): RunStatus {
  const { phase } = state;
  switch (phase.type) {
    case 'starting':
    case 'creating':
      // A foreground response starts immediately. A background response is queued first.
      return state.background ? 'queued' : 'in_progress';
    case 'waiting':
      return phase.pending.status === 'queued' ? 'queued' : 'in_progress';
    case 'finishing':
      return 'in_progress';
    case 'tools': {
      const isWaiting = phase.calls.some(({ status }) => status.startsWith('awaiting_'));
      // A page executes a leased call.
      const isRunning = phase.calls.some(
        ({ status, lease }) => status === 'running' || status === 'pending' || lease !== undefined,
      );
      // While draining, all calls may be settled. Then the run waits for the next iteration, not for a person.
      return isWaiting && !isRunning ? 'requires_action' : 'running_tools';
    }
    case 'cancelling':
      return 'cancelling';
    case 'done':
      return phase.outcome.status;
  }
}

/**
 * Whether the run only waits for a person: every open call waits for a decision and was checked against its tool. While
 * a call is being checked, work is in progress that will be saved.
 */
export function awaitsPerson({ phase, status }: RunState): boolean {
  if (phase.type !== 'tools' || status !== 'requires_action') return false;
  return phase.calls.every((call) => call.assessed || isSettledCall(call.status));
}

/**
 * Whether only a timer, or a message, continues the run: no request is in flight, no stream is open, no call runs, and
 * nothing is being prepared or read.
 */
export function onlyAwaitsTimer({ phase }: RunState): boolean {
  switch (phase.type) {
    case 'creating':
      return phase.stage === 'backing_off';
    case 'waiting':
      return phase.nextAt !== null;
    case 'tools':
      return phase.calls.every(
        ({ assessed, status }) => isSettledCall(status) || (assessed && status.startsWith('awaiting_')),
      );
    case 'starting':
    case 'finishing':
    case 'cancelling':
    case 'done':
      return false;
  }
}

/** True until a create of this run is answered with a response. Until then, no work is lost if the run ends. */
export function hasNoResponseYet({ iteration, attempts }: RunState): boolean {
  return iteration === 0 && attempts.every(({ responseId }) => responseId === null);
}

/** The number of creates of one iteration whose answers may be lost. Each may have started a job. */
export const unknownPerIteration = 2;

/** Whether all automatic retries of the create are used. Then only a call of `resume` sends another create. */
export function isCreateRetryUsed({ phase, unknownCreates = 0 }: RunState): boolean {
  return phase.type === 'creating' && unknownCreates >= unknownPerIteration;
}
