/** One HTTP request of a run, from being sent to the end of its answer. Times are milliseconds since the epoch. */
export interface WireSpan {
  /** Unique over page loads. */
  readonly id: string;
  readonly kind: 'create' | 'poll' | 'stream' | 'cancel';
  /** Of creates, which name their run; the others have a response id. */
  readonly runId?: string;
  readonly iteration?: number;
  readonly responseId?: string;
  /** The stream cursor that was sent. */
  readonly startingAfter?: number;
  readonly startedAt: number;
  /** When the answer's head came. */
  readonly answeredAt?: number;
  readonly endedAt?: number;
  readonly status?: number;
  /** Of the answer's body, so far. */
  readonly bytes: number;
  /** Why there was no answer, or no whole one. */
  readonly problem?: string;
}
