import type { RunView, ToolCallView } from '../engine/view/run-view.ts';
import type { AgentRef } from './agent-ref.ts';
import type { Agent } from './define-agent.ts';
import type { Tool } from './tool.ts';

type CallOf<Entry> =
  Entry extends Tool<infer Name, infer Arguments, infer Result>
    ? ToolCallView<Name, Arguments, Result>
    : Entry extends { readonly type: 'custom'; readonly name: infer Name extends string }
      ? ToolCallView<Name, string>
      : Entry extends { readonly type: 'namespace'; readonly tools: readonly (infer Inner)[] }
        ? CallOf<Inner>
        : never;

/** The calls that an agent's runs can show, as a union by tool name. */
export type ToolCallOf<A extends AgentRef> = A extends AgentRef<infer Tools> ? CallOf<Tools[number]> : never;

/** The type of `result.output`: the answer after the transforms of the agent's `output` schema. */
export type OutputOf<A extends AgentRef> = A extends AgentRef<infer _Tools, infer Output> ? Output : never;

/** The type of `view.output`: the answer as JSON, before the transforms of the schema. */
export type OutputJsonOf<A extends AgentRef> =
  A extends AgentRef<infer _Tools, infer _Output, infer OutputJson> ? OutputJson : never;

type ContextOfTool<Entry> =
  Entry extends Tool<string, infer _Arguments, infer _Result, infer Context>
    ? (context: Context) => void
    : Entry extends { readonly type: 'namespace'; readonly tools: readonly (infer Inner)[] }
      ? ContextOfTool<Inner>
      : never;

/**
 * The `context` that an agent's tools need: the intersection of the types that they declare. `unknown` for a reference
 * to an agent, because the tools of that agent run elsewhere.
 */
export type ContextOf<A extends AgentRef> =
  A extends Agent<infer Tools>
    ? ContextOfTool<Tools[number]> extends (context: infer Context) => void
      ? Context
      : unknown
    : unknown;

/** The view of an agent's runs, with its tool calls and output typed. */
export type RunViewOf<A extends AgentRef> = RunView<ToolCallOf<A>, OutputJsonOf<A>>;
