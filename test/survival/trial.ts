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
  /** The end without the fault: the same text, and each tool executed once. */
  | 'same'
  /** `completed` with an empty text, without later iterations. */
  | 'empty'
  /** `completed` with the text of the iteration, because it has no open calls. */
  | 'early'
  /**
   * This error. A `RunError` ends the run. A `LonghaulError` stops driving, and the resumed run ends as without the
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

/** The faults of one trial and the expected end. The cell sets `iteration`. */
export interface Trial {
  readonly faults: readonly Fault[];
  readonly ends: Ending | ((cell: Cell) => Ending);
  /** Whether the error is that of the next iteration's create, not of the iteration's own response. */
  readonly failsNextCreate?: true;
  /** The number of creates with an unknown outcome. Each may cause a duplicate response. @default 0 */
  readonly lostCreates?: number;
  /** Whether the run is cancelled while the response of the iteration is pending. */
  readonly cancels?: true;
  /** Whether the emulator sends webhooks to a handler of the runner. @default false */
  readonly webhooks?: true;
  /** A warning that the run must show. */
  readonly warning?: string | ((cell: Cell) => string | undefined);
}
