import type { ErrorView } from '../engine/view/run-view.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { errorMessage } from '../errors/error-message.ts';
import type { FailureReason } from '../engine/engine-event.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';

/** An error as data for a run's view. Errors of other libraries have no code of Longhaul, so they get `code`. */
export function errorAsData(error: unknown, code: string): ErrorView {
  return { code: LonghaulError.isInstance(error) ? error.code : code, message: errorMessage(error) };
}

/** The reason why a run fails. `code` is for errors of other libraries. */
export function failureReason(error: unknown, code: string): FailureReason {
  const reason = { error: errorAsData(error, code) };
  return ConfigurationError.isInstance(error) ? { ...reason, errorKind: 'configuration' } : reason;
}
