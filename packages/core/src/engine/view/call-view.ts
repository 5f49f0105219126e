import { parseJson } from '../../wire/parse-json.ts';
import { textOf, type JsonValue } from '../../wire/json.ts';
import { defined, type Defined } from '../../wire/defined.ts';
import { callsOf, rawArguments } from '../calls.ts';
import { callKey, withCallFields } from './view-keys.ts';
import type { ViewLists } from './view-lists.ts';
import {
  isSettledCall,
  type ErrorView,
  type ItemView,
  type RunView,
  type SettledCallStatus,
  type ToolCallView,
} from './run-view.ts';
import type { StoredCall } from '../stored-item.ts';

/** Changes a call, and ends its lease: the call starts, waits, is decided or settles. */
export function updateCall(
  view: RunView,
  event: { readonly iteration: number; readonly callId: string },
  change: Partial<ToolCallView>,
  lists: ViewLists,
): RunView {
  return changeCall(view, event, (call) => ({ ...withoutLease(call), ...change }), lists);
}

export function changeCall(
  view: RunView,
  event: { readonly iteration: number; readonly callId: string },
  change: (call: ToolCallView) => ToolCallView,
  lists: ViewLists,
): RunView {
  const at = lists.calls.findOnly(view.toolCalls, callKey, callKey(event));
  const call = view.toolCalls[at];
  if (call === undefined) return view;
  return { ...view, toolCalls: lists.calls.put(view.toolCalls, at, change(call)) };
}

function withoutLease(call: ToolCallView): ToolCallView {
  if (call.leasedUntil === undefined) return call;
  const { leasedUntil: _leasedUntil, ...rest } = call;
  return rest;
}

/** The call at the end of a run. A call that is not settled becomes `cancelled`. */
export function cancelIfOpen(call: ToolCallView): ToolCallView {
  return isSettledCall(call.status) ? call : { ...withoutLease(call), status: 'cancelled' };
}

/** The new call of an item. Undefined if the item is not a call. */
export function shownCall(entry: ItemView): ToolCallView | undefined {
  const item = withCallFields(entry);
  const [call] = callsOf([item]);
  if (call === undefined) return undefined;
  const { callId, name } = call;
  const raw = rawArguments(item);
  const read = item.type === 'custom_tool_call' ? raw : parseJson(raw);
  const label = item.type === 'mcp_approval_request' ? (textOf(item['server_label']) ?? '') : undefined;
  return {
    callId,
    name,
    iteration: entry.iteration,
    rawArguments: raw,
    // A call waits for a person only after its response has completed. A later event reports the wait.
    status: 'pending',
    ...defined({
      namespace: textOf(item['namespace']),
      serverLabel: label,
      // The JSON can only be parsed when it is complete.
      arguments: entry.done && entry.call === undefined ? read : undefined,
    }),
  };
}

/** The output of a completed call in the view: the tool's result, not the text that is sent to the model. */
function resultOf({ status, output, json }: StoredCall): JsonValue | undefined {
  if (status !== 'completed' || output === undefined || !('output' in output)) return undefined;
  return json === true && typeof output.output === 'string' ? JSON.parse(output.output) : output.output;
}

/** The fields of a recorded call for views and events. */
export function settledCall(call: StoredCall): { readonly status: SettledCallStatus } & Defined<{
  readonly arguments: JsonValue | undefined;
  readonly output: JsonValue | undefined;
  readonly error: ErrorView | undefined;
}> {
  const { status, error, arguments: args } = call;
  return { status, ...defined({ arguments: args, output: resultOf(call), error }) };
}
