import type { ErrorView } from '../engine/view/run-view.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { errorMessage } from '../errors/error-message.ts';

/** An error as a run shows it. What is not ours has no code: `code` says where it came from. */
export function errorAsData(error: unknown, code: string): ErrorView {
  return { code: LonghaulError.isInstance(error) ? error.code : code, message: errorMessage(error) };
}
