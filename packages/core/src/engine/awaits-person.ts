import type { RunState } from './run-state.ts';
import { isSettledCall } from './view/run-view.ts';

/**
 * Whether nothing happens until a person decides: every call that is open waits for one, and its tool has been asked
 * about it. While a tool is still being asked there is something under way, which will be saved.
 */
export function awaitsPerson({ phase, status }: RunState): boolean {
  if (phase.type !== 'tools' || status !== 'requires_action') return false;
  return phase.calls.every((call) => call.assessed || isSettledCall(call.status));
}
