import { ConfigurationError } from '../errors/configuration-error.ts';
import { isErrorNamed } from '../errors/longhaul-error.ts';
import type { RunView } from '../engine/view/run-view.ts';
import { RunFailedError } from './run-error.ts';

/**
 * The run failed because of its configuration. For example, `prepareRequest` changed a field that the loop owns, or
 * `continueFrom` does not name a finished run. It is a `RunError`, like the error for every other end of a run. For
 * `isInstance` and `instanceof` it is a `ConfigurationError` as well, and its `cause` is one.
 */
export class RunConfigurationError extends RunFailedError {
  static {
    this.prototype.name = 'RunConfigurationError';
  }

  /** The invalid option; undefined if it is not known, for example because the run was read from a store. */
  readonly option: string | undefined;

  constructor(
    message: string,
    view: RunView,
    reason: { readonly message: string; readonly cause?: unknown },
  ) {
    // The store saves the message of the error that was thrown, but not its option.
    const thrown = ConfigurationError.isInstance(reason.cause) ? reason.cause : undefined;
    super('configuration', message, view, { cause: thrown ?? new ConfigurationError(reason.message) });
    this.option = thrown?.option;
  }

  static override isInstance(value: unknown): value is RunConfigurationError {
    return isErrorNamed(value, 'RunConfigurationError');
  }
}
