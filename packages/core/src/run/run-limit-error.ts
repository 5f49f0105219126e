import { isErrorNamed } from '../errors/longhaul-error.ts';
import { RunError } from './run-error.ts';

/** A limit ended a run: `max_iterations`, `run_timeout`, `queued_timeout`, `tool_errors`, `token_limit`, `max_calls`. */
export class RunLimitError extends RunError {
  static {
    this.prototype.name = 'RunLimitError';
  }

  static override isInstance(value: unknown): value is RunLimitError {
    return isErrorNamed(value, 'RunLimitError');
  }
}
