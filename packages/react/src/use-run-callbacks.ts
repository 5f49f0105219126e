import {
  type Agent,
  isSettledCall,
  isTerminalRun,
  RunCancelledError,
  RunError,
  type RunResult,
  type RunViewOf,
  type ToolCallOf,
} from '@longhaul/core';
import { type RefObject, useEffect, useRef } from 'react';
import { type AgentRunScope, shownRun } from './agent-run-scope.ts';

/** Called while the component is mounted; a function made anew on each render is fine, the latest is called. */
export interface AgentRunCallbacks<A extends Agent = Agent> {
  /** Once, when the run completes. */
  onSuccess?(result: RunResult<A>): void;
  /** Once, when the run ends `failed` or `incomplete`. `error.view` is how it ended. */
  onError?(error: RunError): void;
  /** Once, at any end, `cancelled` included. */
  onSettled?(result: RunResult<A> | undefined, error: RunError | null): void;
  /** Once for each call of the agent's own tools. It only tells: the runner executes the tool. */
  onToolCall?(call: ToolCallOf<A>): void;
}

/** What one component knows of the run that it shows. */
interface Seen {
  readonly runId: string;
  /** The run's end is still to be told: never so for a run that was over when it was first seen. */
  awaitsEnd: boolean;
  readonly told: Set<string>;
}

/**
 * Tells of a run's calls and of its end, as its views come by.
 *
 * @param scope What is shown with this view; `latest` may be at another run already when the view is told of.
 * @param startedHere Whether this component started the run: then nothing of it is old news, however soon it is over.
 */
export function useRunCallbacks<A extends Agent>(
  view: RunViewOf<A> | undefined,
  scope: AgentRunScope<A>,
  startedHere: boolean,
  latest: RefObject<AgentRunCallbacks<A>>,
): void {
  const seen = useRef<Seen>(undefined);
  useEffect(() => {
    if (view === undefined) {
      seen.current = undefined;
      return;
    }
    const calls: readonly ToolCallOf<A>[] = view.toolCalls;
    if (seen.current?.runId !== view.runId) {
      const old = startedHere ? [] : calls.filter((call) => isSettledCall(call.status));
      seen.current = {
        runId: view.runId,
        awaitsEnd: startedHere || !isTerminalRun(view.status),
        told: new Set(old.map((call) => call.callId)),
      };
    }
    const { told, awaitsEnd } = seen.current;
    for (const call of calls) {
      if (told.has(call.callId)) continue;
      told.add(call.callId);
      latest.current.onToolCall?.(call);
    }
    if (!awaitsEnd || !isTerminalRun(view.status)) return;
    seen.current.awaitsEnd = false;
    void tellEnd(scope, latest);
  }, [view, scope, startedHere, latest]);
}

async function tellEnd<A extends Agent>(
  scope: AgentRunScope<A>,
  latest: RefObject<AgentRunCallbacks<A>>,
): Promise<void> {
  const run = await shownRun(scope);
  let result: RunResult<A>;
  try {
    result = await run.result();
  } catch (error) {
    if (!RunError.isInstance(error)) throw error;
    if (!RunCancelledError.isInstance(error)) latest.current.onError?.(error);
    latest.current.onSettled?.(undefined, error);
    return;
  }
  latest.current.onSuccess?.(result);
  latest.current.onSettled?.(result, null);
}
