import type { RunState } from '../../engine/run-state.ts';

/**
 * Whether something is under way that is worth waiting for before driving stops: a create, whose answer names the
 * response, a tool that has begun, a cancel.
 */
export function hasWorkInFlight({ phase }: RunState): boolean {
  switch (phase.type) {
    case 'creating':
      return phase.stage === 'sending';
    case 'tools':
      return phase.calls.some((call) => call.status === 'running');
    case 'cancelling':
    case 'finishing':
      return true;
    case 'starting':
    case 'waiting':
    case 'done':
      return false;
  }
}
