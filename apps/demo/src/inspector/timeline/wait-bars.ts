import type { IterationView, RunEvent } from '@longhaul/core';
import type { TimelineBar } from './timeline-row.ts';

interface PlannedWait {
  readonly from: number;
  readonly until: number;
  readonly title: string;
}

function waitOf(event: RunEvent): PlannedWait | undefined {
  switch (event.type) {
    case 'attempt.failed':
      return event.retryAt === undefined
        ? undefined
        : { from: event.at, until: event.retryAt, title: 'Wait before the next create' };
    case 'stream.dropped':
      return event.retryAt === undefined
        ? undefined
        : { from: event.at, until: event.retryAt, title: 'Wait before the reconnect' };
    case 'response.status':
    case 'poll': {
      const { nextPollAt } = event.waiting;
      return nextPollAt === undefined
        ? undefined
        : { from: event.at, until: nextPollAt, title: 'Wait for the next poll' };
    }
    default:
      return undefined;
  }
}

/**
 * Returns a bar for each wait between an iteration's requests.
 *
 * @param requests The iteration's requests, oldest first
 */
export function waitBars(
  iteration: IterationView,
  events: readonly RunEvent[],
  requests: readonly TimelineBar[],
): TimelineBar[] {
  const waits = new Map<number, PlannedWait>();
  for (const event of events) {
    if (!('iteration' in event) || event.iteration !== iteration.index) continue;
    const wait = waitOf(event);
    // Several events may report the same wait. The first one has the time at which the wait starts.
    if (wait !== undefined && !waits.has(wait.until)) waits.set(wait.until, wait);
  }
  return [...waits.values()].flatMap(({ from, until, title }): TimelineBar[] => {
    const next = requests.find((request) => request.from >= from)?.from;
    const to = Math.min(until, next ?? until, iteration.endedAt ?? until);
    if (to <= from) return [];
    return [
      {
        key: `${iteration.index}/wait/${until}`,
        kind: 'wait',
        tone: 'still',
        from,
        to,
        title,
        isBroken: false,
        details: [],
      },
    ];
  });
}
