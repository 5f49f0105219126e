import type { Tone } from '../../ui/run-status-text.ts';

export interface TimelineBar {
  readonly key: string;
  /**
   * `band`: a status with a duration. `request` and `poll`: an HTTP request. `wait`: the time between two requests.
   * `tool`: a tool call. `person`: a wait for a decision. `mark`: an event without a duration, such as a warning.
   */
  readonly kind: 'band' | 'request' | 'poll' | 'wait' | 'tool' | 'person' | 'mark';
  readonly tone: Tone;
  readonly from: number;
  /** Undefined while the status, request, call or wait continues. */
  readonly to: number | undefined;
  readonly title: string;
  /** Whether the part of the run that the bar shows failed, for example by a broken connection or an error response. */
  readonly isBroken: boolean;
  readonly details: readonly (readonly [name: string, value: string])[];
}

/** The part of a run that a row shows. */
export interface RowTarget {
  readonly iteration: number;
  /** Absent for the rows of the response and of the requests. */
  readonly callId?: string;
}

export interface TimelineRow {
  readonly key: string;
  readonly target: RowTarget;
  readonly label: string;
  /** Belongs to the row above it. */
  readonly isInner: boolean;
  readonly bars: readonly TimelineBar[];
}
