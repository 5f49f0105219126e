import type { RunState } from '../../engine/run-state.ts';

/**
 * Whether `drain` should wait for work in progress: a create, a running tool, a cancel, or the reading of the
 * structured output. The answer to a create contains the id of the response.
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
