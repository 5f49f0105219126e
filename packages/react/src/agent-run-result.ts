import type { Agent, ErrorView, OutputJsonOf, RunStatus, RunViewOf, ToolCallOf } from '@longhaul/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { AgentRunActions } from './agent-run-actions.ts';

/** A run as a component sees it: its view spread out, what can be done to it, and the query underneath. */
export interface AgentRunResult<A extends Agent = Agent> extends AgentRunActions<A> {
  readonly runId: string | undefined;
  /** `idle` while no run is shown, or the one that `runId` names is not loaded yet. */
  readonly status: RunStatus | 'idle';
  readonly view: RunViewOf<A> | undefined;
  /** The answer of the current iteration, as far as it has come. */
  readonly text: string;
  /** The commentary that streams now, such as "I will look"; empty once the iteration's response is over. */
  readonly commentary: string;
  /** What other agents of a multi-agent response wrote in the current iteration, by the agent's name. */
  readonly agentTexts: Readonly<Record<string, string>>;
  readonly output: OutputJsonOf<A> | undefined;
  readonly items: RunViewOf<A>['items'];
  readonly iterations: RunViewOf<A>['iterations'];
  /** A union by tool name: after `call.name === 'get_weather'`, arguments and output have that tool's types. */
  readonly toolCalls: readonly ToolCallOf<A>[];
  readonly waiting: RunViewOf<A>['waiting'];
  readonly usage: RunViewOf<A>['usage'];
  readonly warnings: RunViewOf<A>['warnings'];
  /** How the run ended, or why it is not driven on, or why it could not be loaded. */
  readonly error: ErrorView | undefined;
  /** Started and not over. */
  readonly isActive: boolean;
  readonly isTerminal: boolean;
  /** The run that `runId` names is being taken up from the store. */
  readonly isLoading: boolean;
  readonly query: UseQueryResult<RunViewOf<A>>;
}
