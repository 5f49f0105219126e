import { isTerminalRun, type RunView } from '@longhaul/core';
import type { Trace } from '../../trace/trace-entry.ts';
import type { Tone } from '../../ui/run-status-text.ts';
import { requestBars } from './request-bars.ts';
import { serverBars } from './server-bars.ts';
import { toolRows } from './tool-rows.ts';

export interface TimelineBar {
  readonly key: string;
  /** `band`: a state that lasts; `request`: over HTTP; `tool`; `person`: somebody is awaited. */
  readonly kind: 'band' | 'request' | 'tool' | 'person';
  readonly tone: Tone;
  readonly from: number;
  /** Undefined while it lasts. */
  readonly to: number | undefined;
  readonly title: string;
  /** Ended otherwise than it should have: a connection that broke, an answer that was an error. */
  readonly isBroken: boolean;
  readonly details: readonly (readonly [name: string, value: string])[];
}

export interface TimelineRow {
  readonly key: string;
  readonly label: string;
  /** Belongs to the row above it. */
  readonly isInner: boolean;
  readonly bars: readonly TimelineBar[];
}

/** Something that has a time, but no length: a reload, a warning. */
export interface TimelineMark {
  readonly key: string;
  readonly at: number;
  readonly title: string;
  readonly tone: Tone;
}

export interface Timeline {
  readonly from: number;
  /** Undefined while the run lasts. */
  readonly to: number | undefined;
  readonly rows: readonly TimelineRow[];
  readonly marks: readonly TimelineMark[];
  /** When the next poll is due. */
  readonly nextPollAt: number | undefined;
}

function marksOf({ events }: Trace): TimelineMark[] {
  return events.flatMap((event): TimelineMark[] => {
    const key = `${event.seq}`;
    switch (event.type) {
      case 'run.resumed':
        return [{ key, at: event.at, title: 'Taken up again', tone: 'working' }];
      case 'run.cancelling':
        return [{ key, at: event.at, title: 'Cancel asked for', tone: 'still' }];
      case 'stream.dropped':
        return [{ key, at: event.at, title: `Stream dropped: ${event.reason}`, tone: 'bad' }];
      case 'warning':
        return [{ key, at: event.at, title: event.message, tone: 'queued' }];
      default:
        return [];
    }
  });
}

/** A run as a waterfall: per leg the server's states, the HTTP requests, and the tools, each with its times. */
export function timelineOf(view: RunView, trace: Trace): Timeline {
  const rows = view.iterations.flatMap((leg): TimelineRow[] => [
    {
      key: `leg-${leg.index}`,
      label: `Leg ${leg.index + 1}`,
      isInner: false,
      bars: serverBars(leg, trace.events),
    },
    { key: `requests-${leg.index}`, label: 'Requests', isInner: true, bars: requestBars(leg, trace) },
    ...toolRows(leg, view, trace.events),
  ]);
  const ended = isTerminalRun(view.status);
  return {
    from: view.createdAt,
    to: ended ? view.updatedAt : undefined,
    rows: rows.filter((row) => row.bars.length > 0),
    marks: marksOf(trace),
    nextPollAt: ended ? undefined : view.waiting?.nextPollAt,
  };
}
