/** Consecutive failed creates. They determine how long the loop retries, and the delays. */
export interface CreateTrouble {
  /**
   * The time of the first failure that was not an overload of the API, plus the delays that the API has asked for
   * since.
   */
  readonly since: number;
  /** The number of failed creates. The delays grow with it. */
  readonly creates: number;
  /** The number of creates with the judgement `overloaded`, and of responses that an overload refused. */
  readonly overloads: number;
  /** The sum of the loop's own delays after overloads, in milliseconds. */
  readonly pausedMs: number;
  /** The number of creates without credentials, in a row. */
  readonly withoutCredentials: number;
}
