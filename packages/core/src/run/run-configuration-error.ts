import { ConfigurationError } from '../errors/configuration-error.ts';
import { isErrorNamed } from '../errors/longhaul-error.ts';
import type { RunView } from '../engine/view/run-view.ts';
import { RunFailedError } from './run-failed-error.ts';

/**
 * What the caller configured made the run fail: a `prepareRequest` that changed what the loop owns, a `continueFrom` that
 * names no run that is over. Every end of a run is a `RunError`, and so is this; it is a `ConfigurationError` as well,
 * for `isInstance` and `instanceof`, and its `cause` is one.
 */
export class RunConfigurationError extends RunFailedError {
  static {
    this.prototype.name = 'RunConfigurationError';
  }

  /** The option at fault; undefined where the run is read from a store. */
  readonly option: string | undefined;

  constructor(
    message: string,
    view: RunView,
    reason: { readonly message: string; readonly cause?: unknown },
  ) {
    // What was thrown is not saved: a run that is read from a store has its message alone.
    const thrown = ConfigurationError.isInstance(reason.cause) ? reason.cause : undefined;
    super('configuration', message, view, { cause: thrown ?? new ConfigurationError(reason.message) });
    this.option = thrown?.option;
  }

  static override isInstance(value: unknown): value is RunConfigurationError {
    return isErrorNamed(value, 'RunConfigurationError');
  }
}
