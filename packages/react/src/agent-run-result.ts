import type { AgentRef, ErrorView, OutputJsonOf, RunStatus, RunViewOf, ToolCallOf } from '@longhaul/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { AgentRunActions } from './agent-run-actions.ts';

/** The result of `useAgentRun`: the fields of the run's view, the actions on the run, and the underlying query. */
export interface AgentRunResult<A extends AgentRef = AgentRef> extends AgentRunActions<A> {
  readonly runId: string | undefined;
  /** `idle` without a run, while the run with the given `runId` is not loaded, or if that run is of another agent. */
  readonly status: RunStatus | 'idle';
  readonly view: RunViewOf<A> | undefined;
  /** The answer of the current iteration, as received so far. */
  readonly text: string;
  /** The commentary that is streaming, such as "I will look". Empty after the iteration's response has ended. */
  readonly commentary: string;
  /** Texts of the other agents of a multi-agent response in the current iteration, by the agent's name. */
  readonly agentTexts: Readonly<Record<string, string>>;
  readonly output: OutputJsonOf<A> | undefined;
  readonly items: RunViewOf<A>['items'];
  readonly iterations: RunViewOf<A>['iterations'];
  /** A union discriminated by `name`: after `call.name === 'get_weather'`, arguments and output have its types. */
  readonly toolCalls: readonly ToolCallOf<A>[];
  readonly waiting: RunViewOf<A>['waiting'];
  readonly usage: RunViewOf<A>['usage'];
  readonly warnings: RunViewOf<A>['warnings'];
  /** Why the run failed, why driving stopped, or why the run could not be loaded. */
  readonly error: ErrorView | undefined;
  /** Whether the run has started and has not ended. */
  readonly isActive: boolean;
  readonly isTerminal: boolean;
  /** Whether the run with the given `runId` is being loaded from the store. */
  readonly isLoading: boolean;
  readonly query: UseQueryResult<RunViewOf<A>>;
}
