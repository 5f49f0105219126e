import {
  isSettledCall,
  type IterationView,
  type RunEvent,
  type RunView,
  type ToolCallView,
} from '@longhaul/core';
import { isPageCall } from '../../run/page-call.ts';
import { callStatusText } from '../../ui/run-status-text.ts';
import type { TimelineBar, TimelineRow } from './timeline-row.ts';

/** Returns when a decision about a call was requested, and when it was made. */
function waitOf(
  callId: string,
  events: readonly RunEvent[],
): { from: number; to: number | undefined } | undefined {
  const asked = events.find((event) => event.type === 'decision.needed' && event.callId === callId);
  if (asked === undefined) return undefined;
  const made = events.find((event) => event.type === 'decision.made' && event.callId === callId);
  return { from: asked.at, to: made?.at };
}

function barsOf(call: ToolCallView, isForPage: boolean, events: readonly RunEvent[]): TimelineBar[] {
  const { label, tone } = callStatusText[call.status];
  const details: TimelineBar['details'] = [
    ['Call', call.callId],
    ['Outcome', label],
    ...(call.error === undefined ? [] : [['Error', call.error.message] as const]),
  ];
  const common = { title: call.name, details, isBroken: tone === 'bad' };
  const wait = waitOf(call.callId, events);
  const bars: TimelineBar[] = [];
  if (wait !== undefined) {
    const to = wait.to ?? (isSettledCall(call.status) ? call.endedAt : undefined);
    bars.push({
      ...common,
      key: `${call.callId}/person`,
      kind: isForPage ? 'tool' : 'person',
      tone: isForPage ? 'tools' : 'person',
      ...wait,
      to,
      title: isForPage ? `${call.name}, in a page` : `${call.name}: waiting for you`,
    });
  }
  if (
    call.startedAt !== undefined &&
    call.status !== 'awaiting_approval' &&
    call.status !== 'awaiting_output'
  ) {
    const to = call.endedAt;
    bars.push({
      ...common,
      key: call.callId,
      kind: 'tool',
      tone: tone === 'bad' ? 'bad' : 'tools',
      from: call.startedAt,
      to,
    });
  }
  return bars;
}

/** Returns a row for each call of an iteration: the wait for a decision, and the execution. */
export function toolRows(
  iteration: IterationView,
  view: RunView,
  events: readonly RunEvent[],
): TimelineRow[] {
  return view.toolCalls
    .filter((call) => call.iteration === iteration.index)
    .map((call) => ({
      key: call.callId,
      target: { iteration: iteration.index, callId: call.callId },
      label: call.name,
      isInner: true,
      bars: barsOf(call, isPageCall(view, call), events),
    }));
}
