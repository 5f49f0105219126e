import { isTerminalRun, type IterationView, type RunEvent, type RunView } from '@longhaul/core';
import type { Trace } from '../../trace/trace-entry.ts';
import type { Tone } from '../../ui/run-status-text.ts';
import { requestBars } from './request-bars.ts';
import { serverBars } from './server-bars.ts';
import type { TimelineBar, TimelineRow } from './timeline-row.ts';
import { toolRows } from './tool-rows.ts';
import { waitBars } from './wait-bars.ts';

export interface Timeline {
  readonly from: number;
  /** Undefined while the run is active. */
  readonly to: number | undefined;
  readonly rows: readonly TimelineRow[];
  /** Events of the whole run, shown on the axis. */
  readonly marks: readonly TimelineBar[];
  /** When the next poll is due. */
  readonly nextPollAt: number | undefined;
}

function marksOf({ events }: Trace): TimelineBar[] {
  const mark = (event: RunEvent, tone: Tone, title: string, detail?: string): TimelineBar => ({
    key: `mark-${event.seq}`,
    kind: 'mark',
    tone,
    from: event.at,
    to: event.at,
    title,
    isBroken: false,
    details: detail === undefined ? [] : [['Reason', detail]],
  });
  return events.flatMap((event): TimelineBar[] => {
    switch (event.type) {
      case 'run.resumed':
        return [mark(event, 'working', 'Resumed')];
      case 'run.cancelling':
        return [mark(event, 'still', 'Cancel requested', event.reason)];
      case 'stream.dropped':
        return [mark(event, 'bad', 'Stream dropped', event.reason)];
      case 'warning':
        return [mark(event, 'queued', `Warning: ${event.code}`, event.message)];
      default:
        return [];
    }
  });
}

function iterationRows(iteration: IterationView, view: RunView, trace: Trace): TimelineRow[] {
  const requests = requestBars(iteration, trace);
  const waits = waitBars(iteration, trace.events, requests);
  return [
    {
      key: `iteration-${iteration.index}`,
      target: { iteration: iteration.index },
      label: `Iteration ${iteration.index + 1}`,
      isInner: false,
      bars: serverBars(iteration, trace.events),
    },
    {
      key: `requests-${iteration.index}`,
      target: { iteration: iteration.index },
      label: 'Requests',
      isInner: true,
      bars: [...requests, ...waits].toSorted((a, b) => a.from - b.from),
    },
    ...toolRows(iteration, view, trace.events),
  ];
}

/** Returns the timeline of a run. Each iteration has rows for the response's status, the HTTP requests and the tools. */
export function timelineOf(view: RunView, trace: Trace): Timeline {
  const rows = view.iterations.flatMap((iteration) => iterationRows(iteration, view, trace));
  const ended = isTerminalRun(view.status);
  return {
    from: view.createdAt,
    to: ended ? view.updatedAt : undefined,
    rows: rows.filter((row) => row.bars.length > 0),
    marks: marksOf(trace),
    nextPollAt: ended ? undefined : view.waiting?.nextPollAt,
  };
}
