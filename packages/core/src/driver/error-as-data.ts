import type { ErrorView } from '../engine/view/run-view.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { errorMessage } from '../errors/error-message.ts';

/** An error as a run's view has it. Errors of other libraries have no code of ours, so they get `code`. */
export function errorAsData(error: unknown, code: string): ErrorView {
  return { code: LonghaulError.isInstance(error) ? error.code : code, message: errorMessage(error) };
}
