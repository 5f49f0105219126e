import type { StoredItem } from '../../engine/stored-item.ts';

/** The result of parking a run. See `park_answered`. */
export type ParkResult = 'parked' | 'has_messages' | 'lost';

/** A worker: it drives the runs whose jobs it has. */
export interface WorkerSide {
  readonly role: 'worker';
  /** A run that waits at least this long, in milliseconds, is parked. */
  readonly parkAfterMs: number;
  /**
   * Saves in one transaction that the run waits, and completes its job (Q3).
   *
   * @param revision The last save of the loop. The run is parked only if no other process has saved it since.
   * @param waitMs Milliseconds until the run is due. Null: it waits for a person.
   * @throws StoreError
   */
  park(runId: string, revision: number, waitMs: number | null): Promise<ParkResult>;
  /** Loads the items of the run that were omitted when its job was fetched. @throws StoreError */
  earlierItems(runId: string): Promise<readonly StoredItem[]>;
  /** Whether a page shows the run. Then its responses are streamed. */
  isWatched(runId: string): boolean;
}

/** A process that starts and shows the runs of a queue, and drives none. */
export interface FrontSide {
  readonly role: 'front';
}

/** The part of this process for the runs of a queue. Undefined: its runs are not in a queue. */
export type QueueSide = WorkerSide | FrontSide;
