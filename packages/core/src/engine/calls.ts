import { defined } from '../wire/defined.ts';
import { isJsonObject, textOf } from '../wire/json.ts';
import type { OutputItem } from '../wire/items.ts';
import type { CallState } from './run-state.ts';

const kinds: ReadonlyMap<string, CallState['kind']> = new Map([
  ['function_call', 'function'],
  ['custom_tool_call', 'custom'],
  ['mcp_approval_request', 'mcp_approval'],
]);

/** Whether an item is a call that the client answers. */
export function isCall({ type }: OutputItem): boolean {
  return kinds.has(type);
}

/** The id for the output of a call: the item's id for a hosted MCP server, `call_id` for other calls. */
export function callIdOf(item: OutputItem): string | undefined {
  return textOf(item.type === 'mcp_approval_request' ? item.id : item['call_id']);
}

/** The arguments or the input of a call as the model wrote them. A value that is not text is converted to JSON. */
export function rawArguments(item: OutputItem): string {
  const written = item.type === 'custom_tool_call' ? item['input'] : item['arguments'];
  return typeof written === 'string' ? written : (JSON.stringify(written) ?? '');
}

/**
 * The id of the call that an output item answers; undefined for other items. Some servers run functions themselves, and
 * send the outputs.
 */
export function answeredCallId(item: OutputItem): string | undefined {
  if (item.type === 'mcp_approval_response') return textOf(item['approval_request_id']);
  return /^(?:function|custom_tool)_call_output$/.test(item.type) ? textOf(item['call_id']) : undefined;
}

/**
 * The calls of an output that the client must answer, each once, in the model's order (I5). Answered calls are
 * omitted.
 */
export function callsOf(output: readonly OutputItem[]): readonly CallState[] {
  const calls = new Map<string, CallState>();
  const answered = new Set(output.map(answeredCallId));
  for (const item of output) {
    const kind = kinds.get(item.type);
    const callId = callIdOf(item);
    if (kind === undefined || callId === undefined || calls.has(callId) || answered.has(callId)) continue;
    const name = textOf(item['name']) ?? '';
    // A person decides whether a hosted MCP tool may run, because the agent has no tool for it.
    const needsApproval = kind === 'mcp_approval';
    const { caller } = item;
    calls.set(callId, {
      ...{ callId, kind, name },
      ...defined({ caller: isJsonObject(caller) ? caller : undefined }),
      ...{ status: needsApproval ? 'awaiting_approval' : 'pending', assessed: needsApproval },
    });
  }
  return [...calls.values()];
}
