import type { RunEvent, RunEventType } from '@longhaul/core';
import type { WireSpan } from './wire-span.ts';

/** The data of the timeline and the request inspector: a run's events and its HTTP requests. */
export interface Trace {
  readonly events: readonly RunEvent[];
  readonly spans: readonly WireSpan[];
}

export const noTrace: Trace = { events: [], spans: [] };

/** Events that the timeline does not show: frequent or large ones, and `view`, which replaces earlier events. */
const untraced: ReadonlySet<RunEventType> = new Set([
  'text.delta',
  'item.delta',
  'item.image',
  'tool.progress',
  'view',
]);

export function isTraced(event: RunEvent): boolean {
  return !untraced.has(event.type);
}

/** Adds new entries, and replaces spans by their newer versions. */
export function mergeTrace(trace: Trace, more: Trace): Trace {
  const events = new Map([...trace.events, ...more.events].map((event) => [event.seq, event]));
  const spans = new Map(trace.spans.map((span) => [span.id, span]));
  for (const span of more.spans) {
    if (spans.get(span.id)?.endedAt === undefined) spans.set(span.id, span);
  }
  return {
    events: [...events.values()].toSorted((a, b) => a.seq - b.seq),
    spans: [...spans.values()].toSorted((a, b) => a.startedAt - b.startedAt),
  };
}
