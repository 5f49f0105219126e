import type { RunState } from '../../engine/run-state.ts';
import { missingContext, type ContextFunction } from '../context-function.ts';

/**
 * Checks that this runner can provide the context of a saved run. `own`: the context that the caller passed.
 *
 * @throws LonghaulError `context_missing`
 */
export function checkContext(state: RunState, own: unknown, provide: ContextFunction | undefined): void {
  const { context, runId } = state;
  if (own !== undefined || context === undefined) return;
  if (context === 'own') throw missingContext(runId, 'pass it to `resume(agent, runId, { context })`');
  if (provide === undefined) throw missingContext(runId, 'this runner has no `context` function');
}
