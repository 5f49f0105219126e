/** The reason of aborts whose result no caller awaits. Without a reason, each abort creates an error with a stack. */
export const abortReason = 'no longer needed';
