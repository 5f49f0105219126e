import type { IterationView, RunEvent } from '@longhaul/core';
import type { Tone } from '../../ui/run-status-text.ts';
import type { TimelineBar } from './timeline-row.ts';

const tones: Readonly<Record<string, Tone>> = {
  queued: 'queued',
  in_progress: 'working',
  completed: 'good',
  failed: 'bad',
  incomplete: 'bad',
  cancelled: 'still',
};

interface StatusChange {
  readonly at: number;
  readonly responseId: string | null;
  readonly status: string;
}

function isTerminal(status: string): boolean {
  return tones[status] !== undefined && status !== 'queued' && status !== 'in_progress';
}

function changesOf(iteration: IterationView, events: readonly RunEvent[]): StatusChange[] {
  const changes: StatusChange[] = [];
  for (const event of events) {
    if (!('iteration' in event) || event.iteration !== iteration.index) continue;
    const seen =
      event.type === 'response.status' || event.type === 'iteration.completed'
        ? { responseId: event.responseId, status: event.status }
        : event.type === 'poll' || event.type === 'stream.connected'
          ? { responseId: event.waiting.responseId, status: event.waiting.responseStatus }
          : // The response has ended, but the iteration continues with a wait for the next create.
            event.type === 'attempt.failed'
            ? { responseId: event.attempts[event.attempt]?.responseId ?? null, status: 'failed' }
            : undefined;
    const last = changes.at(-1);
    // A refused create has no response.
    if (event.type === 'attempt.failed' && (last === undefined || isTerminal(last.status))) continue;
    if (seen === undefined || (last?.status === seen.status && last.responseId === seen.responseId)) continue;
    changes.push({ at: event.at, ...seen });
  }
  return changes;
}

function bar(
  iteration: IterationView,
  position: number,
  status: string,
  responseId: string | null,
  from: number,
  to: number | undefined,
): TimelineBar {
  return {
    // A response may have the same status twice in a millisecond.
    key: `${iteration.index}/${position}/${status}`,
    kind: 'band',
    tone: tones[status] ?? 'still',
    from,
    to,
    title: status.replaceAll('_', ' '),
    isBroken: status === 'failed' || status === 'incomplete',
    details: responseId === null ? [] : [['Response', responseId]],
  };
}

/** Returns a bar for each status of the iteration's response, as this browser observed it. */
export function serverBars(iteration: IterationView, events: readonly RunEvent[]): TimelineBar[] {
  const changes = changesOf(iteration, events);
  // Without events, for example for a run from another tab, use the start and end of the iteration in the view.
  if (changes.length === 0)
    return [
      bar(iteration, 0, iteration.status, iteration.responseId, iteration.startedAt, iteration.endedAt),
    ];
  return changes.flatMap((change, index) => {
    const next = changes[index + 1];
    // A terminal status has no length, so only a failure is shown.
    if (isTerminal(change.status))
      return change.status === 'completed'
        ? []
        : [bar(iteration, index, change.status, change.responseId, change.at, change.at)];
    return [
      bar(iteration, index, change.status, change.responseId, change.at, next?.at ?? iteration.endedAt),
    ];
  });
}
