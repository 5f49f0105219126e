import type { WireTool } from '../wire/create-body.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';

/** The data of an agent that the engine needs: plain, deep-frozen JSON. The driver keeps the functions. */
export interface AgentSpec {
  readonly name: string;
  readonly model: string;
  readonly instructions?: string;
  readonly tools: readonly WireTool[];
  readonly background: boolean;
  /** The maximum number of iterations of a run. */
  readonly maxIterations: number;
  /** Other parameters of each create. */
  readonly request: JsonObject;
  /** Whether `prepareRequest` is called before each create. */
  readonly prepares: boolean;
  /** Whether `result.output` is parsed from the final text. */
  readonly structured: boolean;
}

/** A tool made by `tool()`, or the definition of a tool in the API's format. */
type ToolLike = WireTool | { readonly definition: WireTool };

/** An agent that `defineAgent` made, its `spec`, or the fields that differ from the defaults of `defineAgent`. */
export type AgentLike =
  | { readonly spec: AgentSpec }
  | (Pick<AgentSpec, 'name' | 'model'> &
      Partial<Omit<AgentSpec, 'tools'>> & { readonly tools?: readonly ToolLike[] });

function hasDefinition(tool: ToolLike): tool is { readonly definition: WireTool } {
  return isJsonObject(tool.definition);
}

/** The spec of an agent. The defaults are those of `defineAgent`. */
export function specOf(agent: AgentLike): AgentSpec {
  if ('spec' in agent) return agent.spec;
  const { tools = [], ...given } = agent;
  const defaults = { background: true, maxIterations: 20, request: {}, prepares: false, structured: false };
  const definitions = tools.map((tool) => (hasDefinition(tool) ? tool.definition : tool));
  return { ...defaults, ...given, tools: definitions };
}
