/** Every run ends (I9): these bound it. A limit ends a run as `incomplete`, with its name as `error.code`. */
export interface RunLimits {
  /** Wall time of the run in milliseconds; it does not run while only a person is awaited. @default 24 h */
  readonly runMs?: number | undefined;
  /** Milliseconds that one response may stay `queued`. @default 1 h */
  readonly queuedMs?: number | undefined;
  /** Milliseconds of silence after which a stream is opened anew. @default 60 s */
  readonly streamIdleMs?: number | undefined;
  /** Calls that may fail or time out in a row. @default 5 */
  readonly consecutiveToolErrors?: number | undefined;
  /** Tokens that a run may use in all. @default none */
  readonly totalTokens?: number | undefined;
}
