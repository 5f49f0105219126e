/** Which occasions a fault strikes. */
export interface Target {
  /** Only this iteration of a conversation, counted from 0. @default every iteration */
  readonly iteration?: number;
  /**
   * How often it strikes before it is spent; Infinity: always. @default 1, or always where the docs of the fault say so
   */
  readonly times?: number;
  /** Occasions that it lets pass first: `skip: 2` on a poll strikes the third one. @default 0 */
  readonly skip?: number;
  /**
   * Milliseconds in which it strikes every occasion, counted from the first that it strikes; then it is spent. `times`
   * may end it earlier. @default no such limit
   */
  readonly forMs?: number;
}
