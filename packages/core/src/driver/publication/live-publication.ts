import type { RunEvent } from '../../engine/view/run-event.ts';

export type ViewEvent = Extract<RunEvent, { readonly type: 'view' }>;

/** The part of a run's publication that exchanges events with other processes. */
export interface LivePublication {
  /** The number of the last event. */
  readonly seq: number;
  /** Assigns a number of its own to the view, so that it is newer than all saves before it. */
  numberView(use: (event: ViewEvent) => void): void;
  /** Calls `use` when no step is being saved. */
  whenFree(use: () => void): void;
  /** The events after `seq`. They are not merged with later ones from then on. */
  takeSince(seq: number): readonly RunEvent[];
  /** Adds an event that the driver process has emitted and numbered. */
  relay(event: RunEvent): void;
  /** Calls the listeners once for all changes since the last call, if there are any. */
  notify(): void;
}
