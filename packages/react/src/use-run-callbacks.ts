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
  type ToolCallView,
} from '@longhaul/core';
import { type RefObject, useEffect, useRef } from 'react';
import { errorView } from './error-view.ts';
import { type AgentRunScope, shownRun } from './agent-run-scope.ts';

/**
 * Called while the component is mounted; a function made anew on each render is fine, the latest is called. What one
 * throws is reported with `console.error`.
 */
export interface AgentRunCallbacks<A extends Agent = Agent> {
  /** Once, when the run completes. */
  onSuccess?(result: RunResult<A>): void;
  /** Once, when the run ends `failed` or `incomplete`. `error.view` is how it ended. */
  onError?(error: RunError): void;
  /** Once, at any end, `cancelled` included. */
  onSettled?(result: RunResult<A> | undefined, error: RunError | null): void;
  /**
   * Once for each call of the agent's own tools, by iteration and call id. It only tells: the runner executes the tool.
   */
  onToolCall?(call: ToolCallOf<A>): void;
}

/** What one component has been told of a run that it shows, or has shown. */
interface Seen {
  /** The run's end is still to be told: never so for a run that was over when it was first seen. */
  awaitsEnd: boolean;
  /** The calls, by {@link callKey}. */
  readonly told: Set<string>;
}

/** Some servers give calls of different iterations the same id. */
function callKey({ iteration, callId }: ToolCallView): string {
  return `${iteration}/${callId}`;
}

/** Calls one callback. One that throws is reported on the console: the others are called all the same. */
function tell(name: keyof AgentRunCallbacks, callback: () => void): void {
  try {
    callback();
  } catch (error) {
    console.error(`${name} of useAgentRun threw:`, error);
  }
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
  // By run: one that is shown again, after another run or another agent, is no news.
  const seen = useRef(new Map<string, Seen>());
  useEffect(() => {
    if (view === undefined) return;
    const calls: readonly ToolCallOf<A>[] = view.toolCalls;
    let known = seen.current.get(view.runId);
    if (known === undefined) {
      const old = startedHere ? [] : calls.filter((call) => isSettledCall(call.status));
      known = { awaitsEnd: startedHere || !isTerminalRun(view.status), told: new Set(old.map(callKey)) };
      seen.current.set(view.runId, known);
    }
    for (const call of calls) {
      if (known.told.has(callKey(call))) continue;
      known.told.add(callKey(call));
      tell('onToolCall', () => latest.current.onToolCall?.(call));
    }
    if (!known.awaitsEnd || !isTerminalRun(view.status)) return;
    known.awaitsEnd = false;
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
    if (!RunCancelledError.isInstance(error)) tell('onError', () => latest.current.onError?.(error));
    return tell('onSettled', () => latest.current.onSettled?.(undefined, error));
  }
  tell('onSuccess', () => latest.current.onSuccess?.(result));
  tell('onSettled', () => latest.current.onSettled?.(result, null));
}

/** The end of a run whose result cannot be had: the store may be away by now. Its end is reported all the same. */
function endOf(view: RunView, thrown: unknown): RunError {
  const { code, message } = errorView(thrown instanceof Error ? thrown : new Error(String(thrown)));
  return new RunFailedError(code, `The result of run ${view.runId} cannot be read: ${message}`, view, {
    cause: thrown,
  });
}
