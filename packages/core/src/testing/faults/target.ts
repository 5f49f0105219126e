/** Selects the requests that a fault affects. */
export interface Target {
  /** Affects only this iteration of a conversation, counted from 0. @default every iteration */
  readonly iteration?: number;
  /**
   * How often the fault takes effect; Infinity means always.
   *
   * @default 1; no limit with `forMs`, and for faults whose documentation says “Always”
   */
  readonly times?: number;
  /** The number of matching requests to skip first: `skip: 2` on a poll affects the third poll. @default 0 */
  readonly skip?: number;
  /**
   * How long the fault stays active, in milliseconds after it first takes effect. `times` may end it earlier.
   * @default no limit
   */
  readonly forMs?: number;
}
