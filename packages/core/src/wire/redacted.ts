/** Stands for a secret wherever a request is shown or saved. */
export const redacted = '[redacted]';
