import type { AgentTool } from './collect-tools.ts';

/**
 * The name of an agent and its types, without its code. A page that watches runs of a server refers to the server's
 * agents with it. An `Agent` is one too.
 */
export interface AgentRef<
  Tools extends readonly AgentTool[] = readonly AgentTool[],
  Output = unknown,
  OutputJson = unknown,
  Name extends string = string,
> {
  /** The name that identifies the agent of a saved run. */
  readonly name: Name;
  /** Undefined at run time. Provides the types of the tools and of the output to views and results. */
  readonly '~types'?: { readonly tools: Tools; readonly output: Output; readonly outputJson: OutputJson };
}
