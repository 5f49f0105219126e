import { isErrorNamed } from '../errors/longhaul-error.ts';
import { RunError } from './run-error.ts';

/** The run was cancelled: by `cancel()`, by its `signal`, or by another client at the server. */
export class RunCancelledError extends RunError {
  static {
    this.prototype.name = 'RunCancelledError';
  }

  static override isInstance(value: unknown): value is RunCancelledError {
    return isErrorNamed(value, 'RunCancelledError');
  }
}
