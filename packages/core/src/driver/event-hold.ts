import type { RunEventBody } from '../engine/view/run-event.ts';

/** The events of a step that is being saved. Their numbers are reserved. */
export interface EventHold {
  /** The number of the save. It is above the numbers of the step's events, and below those of later events. */
  readonly seq: number;
  /** Emits the events of the saved step, and then those that were emitted in the meantime. */
  end(events: readonly RunEventBody[], at: number): void;
}
