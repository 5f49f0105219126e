import type { JsonValue } from '../../wire/json.ts';
import { parseJson } from '../../wire/parse-json.ts';
import { callsOf } from '../calls-of.ts';
import type { RunEvent } from './run-event.ts';
import type { ItemView, RunView, ToolCallView } from './run-view.ts';

export function inCall(
  view: RunView,
  event: { readonly iteration: number; readonly callId: string },
  change: (call: ToolCallView) => Partial<ToolCallView>,
): RunView {
  const { iteration, callId } = event;
  return {
    ...view,
    toolCalls: view.toolCalls.map((call) =>
      call.callId === callId && call.iteration === iteration ? { ...call, ...change(call) } : call,
    ),
  };
}

export function settledCall(
  call: ToolCallView,
  event: Extract<RunEvent, { readonly type: 'tool.settled' }>,
): Partial<ToolCallView> {
  const { status, output, error, at } = event;
  return {
    status,
    arguments: event.arguments ?? call.arguments,
    endedAt: at,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
  };
}

/** A call that the run did not take, because its response never completed: nobody will run it (I4). */
export function leftOpen<Call extends ToolCallView>(call: Call): Call {
  return { ...call, status: 'cancelled' };
}

/** What the model wrote as a call's arguments, as JSON where it is. */
export function readArguments(item: ItemView['item']): { raw: string; value: JsonValue | undefined } {
  const text = item.type === 'custom_tool_call' ? item['input'] : item['arguments'];
  const raw = typeof text === 'string' ? text : '';
  return { raw, value: item.type === 'custom_tool_call' ? raw : parseJson(raw) };
}

export function withItem(
  view: RunView,
  iteration: number,
  outputIndex: number,
  item: ItemView['item'],
  done: boolean,
): RunView {
  const entry: ItemView = { iteration, outputIndex, done, item };
  const at = view.items.findIndex((one) => one.iteration === iteration && one.outputIndex === outputIndex);
  const items = at < 0 ? [...view.items, entry] : view.items.with(at, entry);
  const [call] = callsOf([item]);
  if (call === undefined) return { ...view, items };
  const { callId, name, status } = call;
  const { raw, value } = readArguments(item);
  const known = view.toolCalls.find((one) => one.callId === callId && one.iteration === iteration);
  const shown: ToolCallView = {
    status,
    ...known,
    callId,
    name,
    iteration,
    rawArguments: raw,
    arguments: done ? value : undefined,
  };
  const toolCalls =
    known === undefined
      ? [...view.toolCalls, shown]
      : view.toolCalls.map((one) => (one === known ? shown : one));
  return { ...view, items, toolCalls };
}
