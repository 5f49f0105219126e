import type { Agent } from '../../../agent/define-agent.ts';
import { toolOf } from '../../../agent/tool-of.ts';
import type { Tool } from '../../../agent/tool.ts';
import type { ToolCallView } from '../../../engine/view/run-view.ts';

/** The parts of a run that a page may see. */
export interface Redaction {
  /** The agent's own tools, by name. A tool in a namespace has a key such as `crm.find`. */
  readonly tools: ReadonlyMap<string, Pick<Tool, 'private'>>;
  readonly hasPrivateTools: boolean;
  /** Whether the page sees the texts of errors and warnings. */
  readonly showErrors: boolean;
  /** Whether the page sees the requests of the run, including instructions and response ids. */
  readonly showRequests: boolean;
}

export interface RedactionOptions {
  /** @default false */
  readonly showErrors?: boolean | undefined;
  /** @default false */
  readonly showRequests?: boolean | undefined;
}

/**
 * The redaction of an agent's runs. Make it once per agent: views that are redacted with the same object keep the
 * identity of their unchanged parts.
 */
export function redactionOf(agent: Agent, options: RedactionOptions = {}): Redaction {
  const { showErrors = false, showRequests = false } = options;
  const { tools } = agent;
  const hasPrivateTools = [...tools.values()].some((tool) => tool.private);
  return { tools, hasPrivateTools, showErrors, showRequests };
}

/** A tool as a call names it. */
export interface ToolName {
  readonly name: string;
  readonly namespace: string | undefined;
}

/**
 * Whether the calls of a tool are hidden. Those of a tool that the agent does not have are hidden too, because a former
 * version of the agent may have had it as a private tool.
 */
export function isHiddenTool({ name, namespace }: ToolName, { tools }: Redaction): boolean {
  return toolOf(tools, { name, namespace })?.private !== false;
}

/** Whether a call is hidden. A call of a hosted MCP server is not: a person must see it to approve it. */
export function isHiddenCall(
  { name, namespace, serverLabel }: Pick<ToolCallView, 'name' | 'namespace' | 'serverLabel'>,
  redaction: Redaction,
): boolean {
  return serverLabel === undefined && isHiddenTool({ name, namespace }, redaction);
}
