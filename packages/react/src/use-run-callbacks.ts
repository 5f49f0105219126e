import {
  type AgentRef,
  isSettledCall,
  isTerminalRun,
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
 * Callbacks that are called while the component is mounted. They may be new functions on each render: the latest are
 * called. The end of a run that had ended when the component first showed it is not reported. An error that a callback
 * throws is reported with `console.error`.
 */
export interface AgentRunCallbacks<A extends AgentRef = AgentRef> {
  /** Called once, when the run completes. */
  onSuccess?(result: RunResult<A>): void;
  /**
   * Called once, when the run ends as `failed` or `incomplete`, or completes and its result cannot be read. `error.view`
   * is the final view.
   */
  onError?(error: RunError): void;
  /** Called once, when the run ends in any way, including `cancelled`. */
  onSettled?(result: RunResult<A> | undefined, error: RunError | null): void;
  /**
   * Called once for each call of the agent's own tools, by iteration and call id. It is not called for a call that was
   * settled when the component first showed the run. Use it for notifications: the runner executes the tool.
   */
  onToolCall?(call: ToolCallOf<A>): void;
}

/** The reports of a component about a run that it shows or has shown. */
interface Seen {
  /** Whether the end is still to be reported. False for a run that had ended when the component first saw it. */
  awaitsEnd: boolean;
  /** The reported calls, by {@link callKey}. */
  readonly reported: Set<string>;
}

/** Some servers use the same id for calls of different iterations. */
function callKey({ iteration, callId }: ToolCallView): string {
  return `${iteration}/${callId}`;
}

/** Calls one callback. An error is reported on the console, and the other callbacks are still called. */
function callSafely(name: keyof AgentRunCallbacks, callback: () => void): void {
  try {
    callback();
  } catch (error) {
    console.error(`${name} of useAgentRun threw:`, error);
  }
}

/**
 * Fires callbacks for tool calls and for the end of the run.
 *
 * @param scope The scope of this view. The component may already show another run when the callbacks fire.
 * @param startedHere Whether this component started the run. If so, all calls and the end are reported, even if the run
 * ends before the first render.
 */
export function useRunCallbacks<A extends AgentRef>(
  view: RunViewOf<A> | undefined,
  scope: AgentRunScope<A>,
  startedHere: boolean,
  latest: RefObject<AgentRunCallbacks<A>>,
): void {
  // By run: a run that is shown again, after another run or another agent, is not reported again.
  const seen = useRef(new Map<string, Seen>());
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  useEffect(() => {
    if (view === undefined) return;
    const calls: readonly ToolCallOf<A>[] = view.toolCalls;
    let known = seen.current.get(view.runId);
    if (known === undefined) {
      const old = startedHere ? [] : calls.filter((call) => isSettledCall(call.status));
      known = { awaitsEnd: startedHere || !isTerminalRun(view.status), reported: new Set(old.map(callKey)) };
      seen.current.set(view.runId, known);
    }
    for (const call of calls) {
      if (known.reported.has(callKey(call))) continue;
      known.reported.add(callKey(call));
      callSafely('onToolCall', () => latest.current.onToolCall?.(call));
    }
    if (!known.awaitsEnd || !isTerminalRun(view.status)) return;
    known.awaitsEnd = false;
    const ended = known;
    void endCallbacks(view, scope, latest).then((callEach) => {
      // A component that is hidden now reports the end when it is shown again.
      if (mounted.current) callEach();
      else ended.awaitsEnd = true;
    });
  }, [view, scope, startedHere, latest]);
}

/** Reads the result. Returns a function that calls the callbacks for the end of the run. */
async function endCallbacks<A extends AgentRef>(
  view: RunViewOf<A>,
  scope: AgentRunScope<A>,
  latest: RefObject<AgentRunCallbacks<A>>,
): Promise<() => void> {
  try {
    const result = await (await shownRun(scope)).result();
    return () => {
      callSafely('onSuccess', () => latest.current.onSuccess?.(result));
      callSafely('onSettled', () => latest.current.onSettled?.(result, null));
    };
  } catch (thrown) {
    const error = RunError.isInstance(thrown) ? thrown : endOf(view, thrown);
    return () => {
      if (view.status !== 'cancelled') callSafely('onError', () => latest.current.onError?.(error));
      callSafely('onSettled', () => latest.current.onSettled?.(undefined, error));
    };
  }
}

/** The error that reports the end of a run whose result cannot be read, for example without its store. */
function endOf(view: RunView, thrown: unknown): RunError {
  const { code, message } = errorView(thrown instanceof Error ? thrown : new Error(String(thrown)));
  return new RunFailedError(code, `The result of run ${view.runId} cannot be read: ${message}`, view, {
    cause: thrown,
  });
}
