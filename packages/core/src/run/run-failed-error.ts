import { isErrorNamed } from '../errors/longhaul-error.ts';
import { RunError } from './run-error.ts';

/** The server, or what it answered, made the run fail. Continue it with `continueFrom`, or retry it. */
export class RunFailedError extends RunError {
  static {
    this.prototype.name = 'RunFailedError';
  }

  static override isInstance(value: unknown): value is RunFailedError {
    return isErrorNamed(value, 'RunFailedError');
  }
}
