import type { Fault } from '@longhaul/core/testing';

export type Mode = 'poll' | 'stream';
export type Continuation = 'auto' | 'chain' | 'replay';

/** One cell of the matrix. */
export interface Cell {
  readonly iteration: 0 | 1 | 2;
  readonly mode: Mode;
  readonly continuation: Continuation;
  readonly client: 'fetch' | 'openai';
}

/** How a run under a fault must end. */
export type Ending =
  /** As without the fault: same text, each tool executed once. */
  | 'same'
  /** `completed` with the text that there is, without the iterations that did not come about. */
  | 'empty'
  /** `completed` with the text of the iteration, which has nothing left to ask for. */
  | 'early'
  /**
   * With this error. `RunError`s end the run; `LonghaulError` stops driving, and resuming it ends it as without the
   * fault.
   */
  | {
      readonly error:
        | 'RunFailedError'
        | 'RunLimitError'
        | 'RunIncompleteError'
        | 'RunCancelledError'
        | 'LonghaulError';
      readonly code: string;
    };

/** A fault as it is tried. `iteration` is filled in by the cell. */
export interface Trial {
  readonly faults: readonly Fault[];
  readonly ends: Ending | ((cell: Cell) => Ending);
  /** An error is that of the next iteration's create, not of the iteration's own response. */
  readonly bitesLater?: true;
  /** Creates whose answer is lost: each may have been paid for twice (the unknown-create window). @default 0 */
  readonly lostCreates?: number;
  /** The run is cancelled while its response is pending on the iteration. */
  readonly cancels?: true;
  /** A warning that the run must show. */
  readonly warning?: string | ((cell: Cell) => string | undefined);
}
