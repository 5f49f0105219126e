import {
  LonghaulError,
  RunCancelledError,
  RunFailedError,
  RunIncompleteError,
  RunLimitError,
} from '@longhaul/core';

/** Returns a message for users about an error of `run.result()`. */
export function explain(error: unknown): string {
  if (RunCancelledError.isInstance(error)) return 'You stopped it.';
  if (RunLimitError.isInstance(error)) return `It reached a limit (${error.code}).`;
  if (RunIncompleteError.isInstance(error)) return `It is incomplete (${error.code}): ${error.view.text}`;
  if (RunFailedError.isInstance(error)) return `It failed (${error.code}). You can try again.`;
  // The run has not ended. This runner has stopped driving it.
  if (LonghaulError.isInstance(error)) return `It no longer runs here (${error.code}). Resume it.`;
  throw error;
}
