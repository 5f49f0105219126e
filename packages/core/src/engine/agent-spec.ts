import type { WireTool } from '../wire/create-body.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';

/** What the engine knows of an agent: plain, deep-frozen JSON. Functions stay with the driver. */
export interface AgentSpec {
  readonly name: string;
  readonly model: string;
  readonly instructions?: string;
  readonly tools: readonly WireTool[];
  readonly background: boolean;
  /** Iterations that a run may take. */
  readonly maxIterations: number;
  /** Further parameters of each create. */
  readonly request: JsonObject;
  /** Whether a `prepareRequest` is to be asked before each create. */
  readonly prepares: boolean;
  /** Whether `result.output` is parsed from the final text. */
  readonly structured: boolean;
}

/** A tool as `tool()` makes it, or as the API takes it. */
type ToolLike = WireTool | { readonly definition: WireTool };

/** An agent that `defineAgent` made, its `spec`, or what differs from the defaults of `defineAgent`. */
export type AgentLike =
  | { readonly spec: AgentSpec }
  | (Pick<AgentSpec, 'name' | 'model'> &
      Partial<Omit<AgentSpec, 'tools'>> & { readonly tools?: readonly ToolLike[] });

function hasDefinition(tool: ToolLike): tool is { readonly definition: WireTool } {
  return isJsonObject(tool.definition);
}

/** What the engine must know of the agent. The defaults are those of `defineAgent`. */
export function specOf(agent: AgentLike): AgentSpec {
  if ('spec' in agent) return agent.spec;
  const { tools = [], ...given } = agent;
  const defaults = { background: true, maxIterations: 20, request: {}, prepares: false, structured: false };
  const definitions = tools.map((tool) => (hasDefinition(tool) ? tool.definition : tool));
  return { ...defaults, ...given, tools: definitions };
}
