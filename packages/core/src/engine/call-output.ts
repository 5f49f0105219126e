import type { CallOutputItem, ToolOutput } from '../wire/items.ts';
import { defined } from '../wire/defined.ts';
import type { CallState } from './run-state.ts';

/** The item that answers a call. Where a hosted MCP server asked, only whether its tool may run is sent, and why not. */
export function callOutput(
  { kind, callId, caller }: CallState,
  output: ToolOutput,
  approve: boolean,
  reason: string | undefined,
): CallOutputItem {
  if (kind === 'mcp_approval') {
    return {
      type: 'mcp_approval_response',
      approval_request_id: callId,
      approve,
      ...defined({ reason }),
    };
  }
  const type = kind === 'function' ? 'function_call_output' : 'custom_tool_call_output';
  // A program that called waits for the output by its own id.
  return { type, call_id: callId, output, ...defined({ caller }) };
}
