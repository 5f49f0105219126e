import type { IterationView, RunEvent } from '@longhaul/core';
import type { Tone } from '../../ui/run-status-text.ts';
import type { TimelineBar } from './timeline-of.ts';

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
          : // The response is over, though the iteration is not: what follows is the wait for the next create.
            event.type === 'attempt.failed'
            ? { responseId: event.attempts[event.attempt]?.responseId ?? null, status: 'failed' }
            : undefined;
    const last = changes.at(-1);
    // A create that was refused has no response whose state could end.
    if (event.type === 'attempt.failed' && (last === undefined || isTerminal(last.status))) continue;
    if (seen === undefined || (last?.status === seen.status && last.responseId === seen.responseId)) continue;
    changes.push({ at: event.at, ...seen });
  }
  return changes;
}

function bar(
  iteration: IterationView,
  status: string,
  responseId: string | null,
  from: number,
  to: number | undefined,
): TimelineBar {
  return {
    key: `${iteration.index}/${from}/${status}`,
    kind: 'band',
    tone: tones[status] ?? 'still',
    from,
    to,
    title: status.replaceAll('_', ' '),
    isBroken: status === 'failed' || status === 'incomplete',
    details: responseId === null ? [] : [['Response', responseId]],
  };
}

/** What the iteration's response was doing at the server, as far as it was seen from here. */
export function serverBars(iteration: IterationView, events: readonly RunEvent[]): TimelineBar[] {
  const changes = changesOf(iteration, events);
  // Without events, as for a run that another browser began, the view knows the iteration's ends.
  if (changes.length === 0)
    return [bar(iteration, iteration.status, iteration.responseId, iteration.startedAt, iteration.endedAt)];
  return changes.flatMap((change, index) => {
    const next = changes[index + 1];
    // The terminal status is a moment; an iteration that failed shows how it ended in the colour of what came before.
    if (isTerminal(change.status))
      return change.status === 'completed'
        ? []
        : [bar(iteration, change.status, change.responseId, change.at, change.at)];
    return [bar(iteration, change.status, change.responseId, change.at, next?.at ?? iteration.endedAt)];
  });
}
