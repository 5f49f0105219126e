'use client';

import type { Agent, RunView, ToolCallOf, ToolCallView } from '@longhaul/core';
import { useCallback } from 'react';
import { useRunSelection } from './use-run-selection.ts';

/**
 * One call of a run, undefined until it is there; the latest where several iterations have used its id. Renders when
 * that call changes, not on text or on other calls.
 *
 * @typeParam A The run's agent, for the types of the call. @example useToolCall<typeof weather>(runId, callId)
 */
export function useToolCall<A extends Agent = Agent>(
  runId: string | undefined,
  callId: string,
): ToolCallOf<A> | undefined;
export function useToolCall(runId: string | undefined, callId: string): ToolCallView | undefined {
  return useRunSelection(
    runId,
    // Another function on each render would select again on each render.
    useCallback((view: RunView) => view.toolCalls.findLast((call) => call.callId === callId), [callId]),
  );
}
