import type { IterationView, RunEvent } from '@longhaul/core';
import type { Trace } from '../../trace/trace-entry.ts';
import type { WireSpan } from '../../trace/wire-span.ts';
import { leftByClient, leftWithPage, leftWithProcess } from '../../trace/observe-fetch.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import type { Tone } from '../../ui/run-status-text.ts';
import type { TimelineBar } from './timeline-row.ts';

const names: Readonly<Record<WireSpan['kind'], string>> = {
  create: 'Create',
  poll: 'Poll',
  stream: 'Stream',
  cancel: 'Cancel',
};

function responseIdsOf(iteration: IterationView, events: readonly RunEvent[]): ReadonlySet<string> {
  const ids = new Set(
    iteration.attempts.flatMap(({ responseId }) => (responseId === null ? [] : [responseId])),
  );
  for (const event of events) {
    if ('responseId' in event && event.responseId !== null && event.iteration === iteration.index)
      ids.add(event.responseId);
  }
  return ids;
}

function detailsOf(span: WireSpan): TimelineBar['details'] {
  const { responseId, startingAfter, status, answeredAt, startedAt, bytes, problem } = span;
  return [
    ...(responseId === undefined ? [] : [['Response', responseId] as const]),
    ...(startingAfter === undefined ? [] : [['starting_after', formatCount(startingAfter)] as const]),
    ...(status === undefined ? [] : [['HTTP', String(status)] as const]),
    ...(answeredAt === undefined
      ? []
      : [['Answered after', formatDuration(answeredAt - startedAt)] as const]),
    ...(bytes === 0 ? [] : [['Received', `${formatCount(bytes)} bytes`] as const]),
    ...(problem === undefined ? [] : [['Problem', problem] as const]),
  ];
}

/** Problems that are not failures of the request. */
const left: readonly (string | undefined)[] = [leftByClient, leftWithPage, leftWithProcess, undefined];

function isFailure({ problem, status }: WireSpan): boolean {
  return !left.includes(problem) || (status ?? 200) >= 400;
}

function toneOf(span: WireSpan): Tone {
  // A stream that failed after it received data is marked only at its end. The bytes of the server's streams are unknown.
  const hasData = span.bytes > 0 || (span.kind === 'stream' && span.answeredAt !== undefined);
  if (isFailure(span) && !hasData) return 'bad';
  if ((span.status ?? 200) >= 400) return 'bad';
  if (span.kind === 'stream') return 'working';
  return span.kind === 'create' ? 'good' : 'still';
}

/**
 * Returns when a request ended. If its page was closed before the response, the end is unknown: the request ended at the
 * latest when the run was resumed, or when its iteration ended.
 */
function endOf(span: WireSpan, iteration: IterationView, events: readonly RunEvent[]): number | undefined {
  if (span.endedAt !== undefined) return span.endedAt;
  const resumed = events.find((event) => event.type === 'run.resumed' && event.at > span.startedAt);
  return resumed?.at ?? iteration.endedAt;
}

/** Whether a request asks for the final status of a response that was cancelled. The run does not count it as a poll. */
function isAfterCancel(span: WireSpan, spans: readonly WireSpan[]): boolean {
  return (
    span.kind === 'poll' &&
    spans.some(
      ({ kind, responseId, startedAt }) =>
        kind === 'cancel' && responseId === span.responseId && startedAt <= span.startedAt,
    )
  );
}

function titleOf(span: WireSpan, spans: readonly WireSpan[]): string {
  if (isAfterCancel(span, spans)) return 'Status after the cancel';
  return span.kind === 'stream' && span.runId === undefined ? 'Stream, reconnected' : names[span.kind];
}

/** Returns a bar for each HTTP request of an iteration: creates, polls, stream connections and cancels. */
export function requestBars(iteration: IterationView, { spans, events }: Trace): TimelineBar[] {
  const responseIds = responseIdsOf(iteration, events);
  return spans
    .filter((span) =>
      span.iteration === undefined
        ? responseIds.has(span.responseId ?? '')
        : span.iteration === iteration.index,
    )
    .map((span) => ({
      key: span.id,
      kind: span.kind === 'poll' && !isAfterCancel(span, spans) ? 'poll' : 'request',
      tone: toneOf(span),
      from: span.startedAt,
      to: endOf(span, iteration, events),
      title: titleOf(span, spans),
      isBroken: isFailure(span),
      details: detailsOf(span),
    }));
}
