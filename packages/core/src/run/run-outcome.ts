import type { Outcome } from '../engine/run-state.ts';
import type { RunView } from '../engine/view/run-view.ts';
import { RunConfigurationError } from './run-configuration-error.ts';
import {
  RunCancelledError,
  RunFailedError,
  RunIncompleteError,
  RunLimitError,
  type RunError,
} from './run-error.ts';

/**
 * The error for the end of a run. Undefined for `completed`, the only success (I11). `cause` is the error that led to
 * the end, if it was thrown in this process.
 */
export function outcomeError(outcome: Outcome, view: RunView, cause: unknown): RunError | undefined {
  const { status, error, errorKind } = outcome;
  if (status === 'completed') return undefined;
  const code = error?.code ?? status;
  const message = `Run ${view.runId} of agent "${view.agent}" ended ${status} (${code}): ${error?.message ?? 'no reason was given.'}`;
  if (errorKind === 'limit') return new RunLimitError(code, message, view, { cause });
  if (status === 'cancelled') return new RunCancelledError(code, message, view);
  if (status === 'incomplete') return new RunIncompleteError(code, message, view, { cause });
  if (errorKind === 'configuration')
    return new RunConfigurationError(message, view, { message: error?.message ?? message, cause });
  return new RunFailedError(code, message, view, { cause });
}
