/** Replaces a secret in every request that is shown or saved. */
export const redacted = '[redacted]';
