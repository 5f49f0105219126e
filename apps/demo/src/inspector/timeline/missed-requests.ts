import type { IterationView, RunEvent } from '@longhaul/core';
import type { WireSpan } from '../../trace/wire-span.ts';

/** The number of creates of an iteration whose event this page has received. */
function seenCreates({ index }: IterationView, events: readonly RunEvent[]): number {
  return events.filter((event) => event.type === 'iteration.started' && event.iteration === index).length;
}

/** The iterations whose first create this page has not received, for the list of requests. */
export function missedIterations(
  iterations: readonly IterationView[],
  events: readonly RunEvent[],
): readonly IterationView[] {
  return iterations.filter(
    // The events of the current iteration may still arrive.
    (iteration) => iteration.endedAt !== undefined && seenCreates(iteration, events) === 0,
  );
}

/**
 * The first create of an iteration, from the view. The view has its start. Its end is known if it was the only request:
 * a stream until the end of the iteration.
 */
function createOf(runId: string, iteration: IterationView, isOnly: boolean): WireSpan {
  const { index, startedAt, endedAt, responseId } = iteration;
  return {
    id: `view/${index}`,
    kind: isOnly ? 'stream' : 'create',
    ...{ runId, iteration: index, startedAt, bytes: 0 },
    ...(responseId === null ? {} : { responseId }),
    ...(isOnly ? (endedAt === undefined ? {} : { endedAt }) : { endedAt: startedAt }),
  };
}

/** The requests of a run that this page knows. */
export interface KnownRequests {
  readonly spans: readonly WireSpan[];
  /** Whether creates or polls are missing, because neither an event nor the view has their times. */
  readonly isIncomplete: boolean;
}

/**
 * Adds the creates whose event this page has not received. The workers send a run's events only while a page watches the
 * run, so the first ones are often missing after a start or a wake.
 *
 * @param spans The requests that the events contain
 */
export function withMissedRequests(
  runId: string,
  iterations: readonly IterationView[],
  events: readonly RunEvent[],
  spans: readonly WireSpan[],
): KnownRequests {
  let all = [...spans];
  let isIncomplete = false;
  for (const iteration of iterations) {
    const { attempts, index } = iteration;
    const polls = attempts.reduce((sum, attempt) => sum + attempt.polls, 0);
    const reconnects = attempts.reduce((sum, attempt) => sum + attempt.reconnects, 0);
    const first = attempts[0];
    let creates = seenCreates(iteration, events);
    if (first !== undefined && creates === 0) {
      const isStream = attempts.length === 1 && first.mode === 'stream' && polls === 0 && reconnects === 0;
      // Without the event of the create, its stream looks like another request.
      if (isStream) all = all.filter((span) => span.kind !== 'stream' || span.iteration !== index);
      all.push(createOf(runId, iteration, isStream));
      creates = 1;
    }
    const knownPolls = all.filter(({ kind, ...span }) => kind === 'poll' && span.iteration === index).length;
    const isMissing = creates < attempts.length || knownPolls < polls;
    if (iteration.endedAt !== undefined && isMissing) isIncomplete = true;
  }
  return { spans: all.toSorted((a, b) => a.startedAt - b.startedAt), isIncomplete };
}
