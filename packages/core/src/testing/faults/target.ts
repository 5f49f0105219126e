/** Selects the occasions that a fault strikes. */
export interface Target {
  /** Strikes only this iteration of a conversation, counted from 0. @default every iteration */
  readonly iteration?: number;
  /**
   * How often the fault strikes before it is used up; Infinity means always. @default 1, or always for faults
   * documented with “Always”
   */
  readonly times?: number;
  /** The number of occasions to skip first: `skip: 2` on a poll strikes the third poll. @default 0 */
  readonly skip?: number;
  /**
   * How long the fault strikes every occasion, in milliseconds from its first strike. `times` may end it earlier.
   * @default no limit
   */
  readonly forMs?: number;
}
