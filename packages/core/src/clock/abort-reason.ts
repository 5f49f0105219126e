/** Why something was aborted that nobody waits for any more. Without a reason, each abort makes an error with a stack. */
export const abortReason = 'no longer needed';
