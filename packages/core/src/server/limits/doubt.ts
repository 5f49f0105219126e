/**
 * How long a place for a running response, or an idempotency key, stays reserved while its state is uncertain, in
 * milliseconds. The state is uncertain while a create is in flight, because its process may have died. The state of a
 * place is also uncertain if the outcome of the create is unknown, or its response is not found yet. The time is short,
 * because the visitor cannot use the place or the key until it ends.
 */
export const doubtMs = 120_000;

/** The interval at which a create in flight renews its place and its key, in milliseconds. Two renewals may fail. */
export const renewMs = 30_000;
