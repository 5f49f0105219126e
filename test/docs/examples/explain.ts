import {
  LonghaulError,
  RunCancelledError,
  RunFailedError,
  RunIncompleteError,
  RunLimitError,
} from '@longhaul/core';

/** What to tell a person about whatever `run.result()` rejected with. */
export function explain(error: unknown): string {
  if (RunCancelledError.isInstance(error)) return 'You stopped it.';
  if (RunLimitError.isInstance(error)) return `It was stopped at a limit (${error.code}).`;
  if (RunIncompleteError.isInstance(error)) return `It broke off (${error.code}): ${error.view.text}`;
  if (RunFailedError.isInstance(error)) return `It failed (${error.code}). You can try again.`;
  // The run is not over. This runner has stopped driving it.
  if (LonghaulError.isInstance(error)) return `It goes on, but not here (${error.code}). Resume it.`;
  throw error;
}
