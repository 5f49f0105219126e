import type { WireTool } from '../wire/create-body.ts';
import type { InputItem } from '../wire/items.ts';
import { isJsonObject } from '../wire/json.ts';
import type { AgentSpec } from './agent-spec.ts';
import { buildRequest as build } from './build-request.ts';
import { initialState as begin, type RunIds } from './initial-state.ts';
import type { IterationRequest } from './iteration-request.ts';
import type { RunState } from './run-state.ts';
import type { StoredItem } from './stored-item.ts';

/** A tool as `tool()` makes it, or as the API takes it. */
type ToolLike = WireTool | { readonly definition: WireTool };

/** An agent for whoever drives the engine by hand: made by `defineAgent`, its `spec`, or what differs from the defaults. */
export type AgentLike =
  | { readonly spec: AgentSpec }
  | (Pick<AgentSpec, 'name' | 'model'> &
      Partial<Omit<AgentSpec, 'tools'>> & { readonly tools?: readonly ToolLike[] });

function isMade(tool: ToolLike): tool is { readonly definition: WireTool } {
  return isJsonObject(tool.definition);
}

/** What the engine must know of the agent. The defaults are those of `defineAgent`. */
function specOf(agent: AgentLike): AgentSpec {
  if ('spec' in agent) return agent.spec;
  const { tools = [], ...given } = agent;
  const defaults = { background: true, maxIterations: 20, request: {}, prepares: false, structured: false };
  return { ...defaults, ...given, tools: tools.map((tool) => (isMade(tool) ? tool.definition : tool)) };
}

/**
 * The state of a run before its first event, `started`.
 *
 * @example const state = initialState(agent, 'Should I take an umbrella?', { runId: 'run_1' });
 */
export function initialState(agent: AgentLike, input: string | readonly InputItem[], ids: RunIds): RunState {
  return begin(specOf(agent), input, ids);
}

/**
 * The request that the run's phase calls for, from the state, the agent and the items that were saved, and from nothing
 * else: a new, deep-frozen object each time (I1).
 *
 * @throws Error in a phase that sends nothing; the engine asks for no request then.
 * @example const items = effects.flatMap((effect) => (effect.type === 'save' ? effect.append : []));
 */
export function buildRequest(
  state: RunState,
  agent: AgentLike,
  items: readonly StoredItem[] = [],
): IterationRequest {
  return build(state, specOf(agent), items);
}
