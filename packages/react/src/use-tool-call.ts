'use client';

import type { AgentRef, RunView, ToolCallOf, ToolCallView } from '@longhaul/core';
import { useCallback } from 'react';
import { useRunSelection } from './use-run-selection.ts';

/**
 * Returns one call of a run, or undefined until it exists. If several iterations have used the id, returns the latest
 * call. Renders when that call changes, not for text or other calls.
 *
 * @typeParam A The run's agent, for the types of the call. @example useToolCall<typeof weather>(runId, callId)
 */
export function useToolCall<A extends AgentRef = AgentRef>(
  runId: string | undefined,
  callId: string,
): ToolCallOf<A> | undefined;
export function useToolCall(runId: string | undefined, callId: string): ToolCallView | undefined {
  return useRunSelection(
    runId,
    // With a new function on each render, the query would select again on each render.
    useCallback((view: RunView) => view.toolCalls.findLast((call) => call.callId === callId), [callId]),
  );
}
