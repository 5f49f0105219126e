import type { Outcome } from '../engine/run-state.ts';
import { isTerminalRun, type RunView } from '../engine/view/run-view.ts';
import { defined } from '../wire/defined.ts';
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

/** The codes of limits. The view of a run does not contain the kind of its error. */
const limitCodes: ReadonlySet<string> = new Set([
  'max_iterations',
  'run_timeout',
  'queued_timeout',
  'tool_errors',
  'token_limit',
  'max_calls',
]);

/** The outcome of a run that has ended, for a process that knows only its view. */
export function outcomeOf({ status, error }: RunView): Outcome {
  const { code = '' } = error ?? {};
  const errorKind = limitCodes.has(code) ? 'limit' : code === 'configuration' ? 'configuration' : undefined;
  return { status: isTerminalRun(status) ? status : 'failed', ...defined({ error, errorKind }) };
}
