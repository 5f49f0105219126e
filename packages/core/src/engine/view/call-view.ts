import { parseJson } from '../../wire/parse-json.ts';
import { textOf } from '../../wire/text-of.ts';
import { defined } from '../../wire/defined.ts';
import { callsOf, rawArguments } from '../calls-of.ts';
import { callKey, type ViewLists } from './view-lists.ts';
import { isSettledCall, type ItemView, type RunView, type ToolCallView } from './run-view.ts';

export function inCall(
  view: RunView,
  event: { readonly iteration: number; readonly callId: string },
  change: Partial<ToolCallView>,
  lists: ViewLists,
): RunView {
  const at = lists.calls.findOnly(view.toolCalls, callKey, callKey(event));
  const call = view.toolCalls[at];
  return call === undefined
    ? view
    : { ...view, toolCalls: lists.calls.put(view.toolCalls, at, { ...call, ...change }) };
}

/** A call that the run did not take, because its response never completed: nobody will run it (I4). */
export function leftOpen<Call extends ToolCallView>(call: Call): Call {
  return isSettledCall(call.status) ? call : { ...call, status: 'cancelled' };
}

/** The call that an item is, where it is one, before anything has become of it. */
export function shownCall({ item, iteration, done }: ItemView): ToolCallView | undefined {
  const [call] = callsOf([item]);
  if (call === undefined) return undefined;
  const { callId, name } = call;
  const raw = rawArguments(item);
  const read = item.type === 'custom_tool_call' ? raw : parseJson(raw);
  // JSON can be read when it is all there.
  return {
    callId,
    name,
    iteration,
    rawArguments: raw,
    // A person can decide once the response is complete, which an event of its own says.
    status: 'pending',
    ...defined({ namespace: textOf(item['namespace']), arguments: done ? read : undefined }),
  };
}
