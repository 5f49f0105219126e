/** One HTTP request of a run, until the end of its response. Times are milliseconds since the epoch. */
export interface WireSpan {
  /** Unique across page loads. */
  readonly id: string;
  readonly kind: 'create' | 'poll' | 'stream' | 'cancel';
  /** Set for creates, which name their run. Other requests have a response id. */
  readonly runId?: string;
  readonly iteration?: number;
  readonly responseId?: string;
  /** The stream cursor that was sent. */
  readonly startingAfter?: number;
  readonly startedAt: number;
  /** When the headers of the response arrived. */
  readonly answeredAt?: number;
  readonly endedAt?: number;
  readonly status?: number;
  /** Received bytes of the body. */
  readonly bytes: number;
  /** Why there was no response, or an incomplete one. */
  readonly problem?: string;
}
