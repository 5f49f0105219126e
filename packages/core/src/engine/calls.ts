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

/** The id by which a call is answered: hosted MCP servers ask by item id, everything else by `call_id`. */
export function callIdOf(item: OutputItem): string | undefined {
  return textOf(item.type === 'mcp_approval_request' ? item.id : item['call_id']);
}

/** What the model wrote as arguments, or as input; JSON where a server gives a value instead of text. */
export function rawArguments(item: OutputItem): string {
  const written = item.type === 'custom_tool_call' ? item['input'] : item['arguments'];
  return typeof written === 'string' ? written : (JSON.stringify(written) ?? '');
}

/** The call that an output item answers, where it is an answer: some servers run a function themselves. */
export function answeredId(item: OutputItem): string | undefined {
  if (item.type === 'mcp_approval_response') return textOf(item['approval_request_id']);
  return /^(?:function|custom_tool)_call_output$/.test(item.type) ? textOf(item['call_id']) : undefined;
}

/** The calls of an output that the client must answer, each once, in the model's order (I5). A call that has its output already is not among them. */
export function callsOf(output: readonly OutputItem[]): readonly CallState[] {
  const calls = new Map<string, CallState>();
  const answered = new Set(output.map(answeredId));
  for (const item of output) {
    const kind = kinds.get(item.type);
    const callId = callIdOf(item);
    if (kind === undefined || callId === undefined || calls.has(callId) || answered.has(callId)) continue;
    const name = textOf(item['name']) ?? '';
    // Whether a hosted MCP tool may run is for a person alone: there is no tool of ours to ask.
    const asks = kind === 'mcp_approval';
    const { caller } = item;
    calls.set(callId, {
      ...{ callId, kind, name },
      ...defined({ caller: isJsonObject(caller) ? caller : undefined }),
      ...{ status: asks ? 'awaiting_approval' : 'pending', assessed: asks },
    });
  }
  return [...calls.values()];
}
