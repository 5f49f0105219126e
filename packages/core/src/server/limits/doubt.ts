/**
 * How long a place or a key stays reserved if its state is uncertain. A create is uncertain if it is in flight and its
 * process may have died, if its outcome is unknown, or if its response is not found yet. Only minutes, because the
 * visitor cannot use either during that time.
 */
export const doubtMs = 120_000;

/** How often a create in flight renews its place and its key. One renewal may fail before either expires. */
export const renewMs = 30_000;
