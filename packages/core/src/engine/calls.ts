import { defined } from '../wire/defined.ts';
import { isJsonObject } from '../wire/json.ts';
import type { OutputItem } from '../wire/items.ts';
import { textOf } from '../wire/text-of.ts';
import type { CallState } from './run-state.ts';

/** Items that ask the client to do something that Longhaul does not do: a run that meets one must not look finished. */
const clientItems: readonly string[] = [
  'computer_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
];

/** The first item of an output that only the client could execute. Hosted shells bring their own outputs along. */
export function unsupportedCall(output: readonly OutputItem[]): OutputItem | undefined {
  return output.find(
    (item) =>
      (clientItems.includes(item.type) ||
        (item.type === 'tool_search_call' && item['execution'] === 'client')) &&
      !output.some((other) => other.type === `${item.type}_output` && answers(other, item)),
  );
}

/** An output names its call by `call_id`; one of a local shell has no such field, and takes the call's id for its own. */
function answers({ id, call_id: callId = id }: OutputItem, call: OutputItem): boolean {
  return callId === call['call_id'] || callId === call.id;
}

/** A call without an id: nothing could answer it, so the run must not look finished either. */
export function unanswerableCall(output: readonly OutputItem[]): OutputItem | undefined {
  return output.find((item) => isCall(item) && callIdOf(item) === undefined);
}

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

/**
 * Whether an item is a call told once more. With other arguments it is another call, and so it is with another item id,
 * unless it takes the same place: some gateways make up a new id for each event.
 */
export function isSameCall(a: OutputItem, b: OutputItem, samePlace: boolean = false): boolean {
  return (
    isCall(a) &&
    a.type === b.type &&
    callIdOf(a) === callIdOf(b) &&
    (samePlace || a.id === b.id) &&
    a['name'] === b['name'] &&
    rawArguments(a) === rawArguments(b)
  );
}

/** A call id that two calls of an output share. */
export function duplicateCall(output: readonly OutputItem[]): string | undefined {
  const seen = new Set<string>();
  for (const item of output) {
    const callId = isCall(item) ? callIdOf(item) : undefined;
    if (callId === undefined) continue;
    if (seen.has(callId)) return callId;
    seen.add(callId);
  }
  return undefined;
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
