import type { RunView, ToolCallView } from '../engine/view/run-view.ts';
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

/** The calls that an agent's runs can show: a union by tool name. */
export type ToolCallOf<A extends Agent> = A extends Agent<infer Tools> ? CallOf<Tools[number]> : never;

/** What an agent's `output` schema makes of the answer: `result.output`. */
export type OutputOf<A extends Agent> = A extends Agent<infer _Tools, infer Output> ? Output : never;

/** The answer as JSON, before the schema's transforms: `view.output`. */
export type OutputJsonOf<A extends Agent> =
  A extends Agent<infer _Tools, infer _Output, infer OutputJson> ? OutputJson : never;

type ContextOfTool<Entry> =
  Entry extends Tool<string, infer _Arguments, infer _Result, infer Context>
    ? (context: Context) => void
    : Entry extends { readonly type: 'namespace'; readonly tools: readonly (infer Inner)[] }
      ? ContextOfTool<Inner>
      : never;

/** What all tools of an agent need as `context`: the intersection of what each declares. */
export type ContextOf<A extends Agent> =
  A extends Agent<infer Tools>
    ? ContextOfTool<Tools[number]> extends (context: infer Context) => void
      ? Context
      : unknown
    : unknown;

/** The view of an agent's runs, with its tool calls and output typed. */
export type RunViewOf<A extends Agent> = RunView<ToolCallOf<A>, OutputJsonOf<A>>;
