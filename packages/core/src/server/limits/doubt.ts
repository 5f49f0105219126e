/**
 * How long a place or a key is held of which nothing certain is known: a create under way whose process may have died, a
 * create with an unknown outcome, a response that is not found yet. Minutes, as a visitor cannot use either meanwhile.
 */
export const doubtMs = 120_000;

/** How often a create under way renews what it holds: often enough that one renewal can fail. */
export const renewMs = 30_000;
