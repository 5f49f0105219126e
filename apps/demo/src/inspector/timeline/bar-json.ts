import type { RunEvent, RunView } from '@longhaul/core';
import type { RowTarget, TimelineBar, TimelineRow } from './timeline-row.ts';

/** The bar to show if none is selected: the one that has begun last and continues; after the end, the last one. */
export function currentBar(rows: readonly TimelineRow[]): TimelineBar | undefined {
  const bars = rows.flatMap((row) => row.bars).filter(({ kind }) => kind !== 'wait');
  const open = bars.filter(({ to }) => to === undefined);
  const candidates = open.length > 0 ? open : bars;
  return candidates.reduce<TimelineBar | undefined>(
    (latest, bar) => (latest === undefined || bar.from >= latest.from ? bar : latest),
    undefined,
  );
}

/** The last request of an iteration that was sent until a time. A server may hide requests. */
function requestAt(events: readonly RunEvent[], iteration: number, until: number): unknown {
  const creates = events.flatMap((event) =>
    event.type === 'iteration.started' && event.iteration === iteration && event.request !== undefined
      ? [event]
      : [],
  );
  return (creates.findLast(({ at }) => at <= until) ?? creates[0])?.request;
}

/** The JSON of the part of a run that a bar shows: a call, a request, or a response. Undefined if it has none. */
export function barJson(
  bar: TimelineBar,
  { iteration, callId }: RowTarget,
  view: RunView,
  events: readonly RunEvent[],
): unknown {
  if (callId !== undefined) {
    const call = view.toolCalls.find((one) => one.callId === callId);
    if (call === undefined) return undefined;
    const { name, status, arguments: args, rawArguments, output, error } = call;
    return { call_id: callId, name, status, arguments: args ?? rawArguments, output, error };
  }
  if (bar.kind === 'request' && (bar.title === 'Create' || bar.title === 'Stream'))
    return requestAt(events, iteration, bar.to ?? Number.POSITIVE_INFINITY);
  if (bar.kind !== 'band') return undefined;
  const { responseId, status, attempts } = view.iterations[iteration] ?? {};
  return { response_id: responseId, status, attempts };
}
