import { isSettledCall, isTerminalRun, type RunView } from '@longhaul/core';

import { isPageCall } from './page-call.ts';

export interface Station {
  readonly key: string;
  readonly kind: 'iteration' | 'tools' | 'end';
  readonly label: string;
  readonly state: 'passed' | 'queued' | 'working' | 'tools' | 'person' | 'failed' | 'stopped' | 'ahead';
}

function iterationState(view: RunView, index: number): Station['state'] {
  if (index < view.iteration || view.iterations[index]?.status === 'completed') return 'passed';
  if (view.status === 'failed' || view.status === 'incomplete') return 'failed';
  if (view.status === 'cancelled' || view.status === 'cancelling') return 'stopped';
  return view.status === 'queued' ? 'queued' : 'working';
}

function toolsState(view: RunView, callIds: readonly string[]): Station['state'] {
  const calls = view.toolCalls.filter((call) => callIds.includes(call.callId));
  // When a run ends, its open calls are `cancelled`, so this station was not passed.
  if (calls.some((call) => call.status === 'cancelled')) return 'stopped';
  if (calls.every((call) => isSettledCall(call.status))) return 'passed';
  if (isTerminalRun(view.status)) return 'stopped';
  const waits = calls.some(
    (call) =>
      call.status === 'awaiting_approval' || (call.status === 'awaiting_output' && !isPageCall(view, call)),
  );
  return waits && !calls.some((call) => call.status === 'running') ? 'person' : 'tools';
}

function endState(view: RunView): Station['state'] {
  if (view.status === 'completed') return 'passed';
  if (view.status === 'failed' || view.status === 'incomplete') return 'failed';
  return view.status === 'cancelled' ? 'stopped' : 'ahead';
}

/** Returns the stations of a run: one per iteration and per group of tool calls, and the answer. */
export function stationsOf(view: RunView): Station[] {
  const stations = view.iterations.flatMap((iteration): Station[] => {
    const station: Station = {
      key: `iteration-${iteration.index}`,
      kind: 'iteration',
      label: `Iteration ${iteration.index + 1}`,
      state: iterationState(view, iteration.index),
    };
    if (iteration.toolCallIds.length === 0) return [station];
    const count = iteration.toolCallIds.length;
    return [
      station,
      {
        key: `tools-${iteration.index}`,
        kind: 'tools',
        label: count === 1 ? '1 tool' : `${count} tools`,
        state: toolsState(view, iteration.toolCallIds),
      },
    ];
  });
  return [...stations, { key: 'end', kind: 'end', label: 'Answer', state: endState(view) }];
}
