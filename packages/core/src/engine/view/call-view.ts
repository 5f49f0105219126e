import { parseJson } from '../../wire/parse-json.ts';
import { defined } from '../../wire/defined.ts';
import { answeredId, callIdOf, callsOf, rawArguments } from '../calls-of.ts';
import { isSettledCall, type ItemView, type RunView, type ToolCallView } from './run-view.ts';

export function inCall(
  view: RunView,
  event: { readonly iteration: number; readonly callId: string },
  change: Partial<ToolCallView>,
): RunView {
  const { iteration, callId } = event;
  return {
    ...view,
    toolCalls: view.toolCalls.map((call) =>
      call.callId === callId && call.iteration === iteration ? { ...call, ...change } : call,
    ),
  };
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
    ...defined({ arguments: done ? read : undefined }),
  };
}

/** A server may name one call twice: the first item of that name is the call. */
function isFirst(items: readonly ItemView[], { iteration, outputIndex, item }: ItemView): boolean {
  const named = items.find((one) => one.iteration === iteration && callIdOf(one.item) === callIdOf(item));
  return named?.outputIndex === outputIndex;
}

function withoutCall({ toolCalls }: RunView, iteration: number, callId: string): RunView['toolCalls'] {
  return toolCalls.filter((call) => call.iteration !== iteration || call.callId !== callId);
}

/** Items of a leg stand in the order of their indexes, in whatever order they are told: events may be missing. */
function insertItem(items: readonly ItemView[], entry: ItemView): readonly ItemView[] {
  const { iteration, outputIndex } = entry;
  const next = items.findLastIndex((one) => one.iteration < iteration || one.outputIndex < outputIndex) + 1;
  return next === items.length ? [...items, entry] : items.toSpliced(next, 0, entry);
}

/** Calls stand in the order of their items. */
function insertCall(
  calls: readonly ToolCallView[],
  call: ToolCallView,
  items: readonly ItemView[],
): readonly ToolCallView[] {
  const last = items.at(-1);
  if (last !== undefined && callIdOf(last.item) === call.callId) return [...calls, call];
  const place = ({ iteration, callId }: ToolCallView): number =>
    items.findIndex((one) => one.iteration === iteration && callIdOf(one.item) === callId);
  const at = place(call);
  const next = calls.findIndex((one) => one.iteration === call.iteration && place(one) > at);
  return next === -1 ? [...calls, call] : calls.toSpliced(next, 0, call);
}

export function withItem(view: RunView, entry: ItemView): RunView {
  const { iteration, outputIndex } = entry;
  const at = view.items.findIndex((one) => one.iteration === iteration && one.outputIndex === outputIndex);
  const items = at < 0 ? insertItem(view.items, entry) : view.items.with(at, entry);
  const answered = answeredId(entry.item);
  if (answered !== undefined) return { ...view, items, toolCalls: withoutCall(view, iteration, answered) };
  const call = shownCall(entry);
  if (call === undefined || !isFirst(items, entry)) return { ...view, items };
  const known = view.toolCalls.findIndex((one) => one.callId === call.callId && one.iteration === iteration);
  const before = view.toolCalls[known];
  const toolCalls =
    before === undefined
      ? insertCall(view.toolCalls, call, items)
      : view.toolCalls.with(known, { ...before, ...call, status: before.status });
  return { ...view, items, toolCalls };
}
