import {
  type Agent,
  isSettledCall,
  isTerminalRun,
  RunCancelledError,
  RunError,
  RunFailedError,
  type RunResult,
  type RunView,
  type RunViewOf,
  type ToolCallOf,
} from '@longhaul/core';
import { type RefObject, useEffect, useRef } from 'react';
import { errorView } from './error-view.ts';
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
    void tellEnd(view, scope, latest);
  }, [view, scope, startedHere, latest]);
}

async function tellEnd<A extends Agent>(
  view: RunViewOf<A>,
  scope: AgentRunScope<A>,
  latest: RefObject<AgentRunCallbacks<A>>,
): Promise<void> {
  let result: RunResult<A>;
  try {
    result = await (await shownRun(scope)).result();
  } catch (thrown) {
    const error = RunError.isInstance(thrown) ? thrown : endOf(view, thrown);
    if (!RunCancelledError.isInstance(error)) latest.current.onError?.(error);
    latest.current.onSettled?.(undefined, error);
    return;
  }
  latest.current.onSuccess?.(result);
  latest.current.onSettled?.(result, null);
}

/** The end of a run whose result cannot be had: the store may be away by now. Its end is reported all the same. */
function endOf(view: RunView, thrown: unknown): RunError {
  const { code, message } = errorView(thrown instanceof Error ? thrown : new Error(String(thrown)));
  return new RunFailedError(code, `The result of run ${view.runId} cannot be read: ${message}`, view, {
    cause: thrown,
  });
}
