import { isErrorNamed } from '../errors/longhaul-error.ts';
import { RunError } from './run-error.ts';

/** The server or its answer made the run fail. Continue it with `continueFrom`, or start it again. */
export class RunFailedError extends RunError {
  static {
    this.prototype.name = 'RunFailedError';
  }

  static override isInstance(value: unknown): value is RunFailedError {
    return isErrorNamed(value, 'RunFailedError');
  }
}
