import type { RunState } from './run-state.ts';
import type { RunStatus } from './view/run-view.ts';

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
