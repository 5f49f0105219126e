import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { OutputItem } from '../../wire/items.ts';
import type { Step } from '../step.ts';
import { isAside, noteAside } from './aside-items.ts';
import type { DeltaField } from '../view/run-event.ts';

/** Deltas of items other than the text of messages: the event's type, what it adds to, and what counts the parts. */
const deltas: Readonly<Record<string, readonly [field: DeltaField, index: string]>> = {
  'response.function_call_arguments.delta': ['arguments', ''],
  'response.mcp_call_arguments.delta': ['arguments', ''],
  'response.custom_tool_call_input.delta': ['input', ''],
  'response.reasoning_summary_text.delta': ['summary', 'summary_index'],
  'response.reasoning_text.delta': ['reasoning', 'content_index'],
  'response.refusal.delta': ['refusal', 'content_index'],
  'response.code_interpreter_call_code.delta': ['code', ''],
};
const progress = /^response\.\w+_call\.(\w+)$/;
const textDelta = 'response.output_text.delta';
const doneType = 'response.output_item.done';

/** A place in a list; undefined where there is none: a place before the first would be none. */
function placeIn(event: JsonObject, field: string): number | undefined {
  const value = event[field];
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function isItem(value: unknown): value is OutputItem {
  return isJsonObject(value) && typeof value['type'] === 'string';
}

/** An event about an output item. */
export interface ItemEvent {
  readonly type: string;
  readonly event: JsonObject;
  /** Its place in the output, where the event says it. Items are known by it: some gateways change item ids within one stream. */
  readonly index: number | undefined;
  /** The item, where the event begins or completes it. */
  readonly item: OutputItem | undefined;
  readonly done: boolean;
}

/** Reads an event as one about an item; undefined for all others. */
export function itemEventOf(event: JsonObject): ItemEvent | undefined {
  const { type, item, delta } = event;
  if (typeof type !== 'string') return undefined;
  const index = placeIn(event, 'output_index');
  const isWhole = (type === 'response.output_item.added' || type === doneType) && isItem(item);
  const isDelta = typeof delta === 'string' && (type === textDelta || Object.hasOwn(deltas, type));
  if (!isWhole && !isDelta && index === undefined && !progress.test(type)) return undefined;
  return { type, event, index, item: isWhole ? item : undefined, done: isWhole && type === doneType };
}

/** Tells what a stream event says about the output item at this place. */
export function emitItemEvent(step: Step, { type, event, item, done }: ItemEvent, outputIndex: number): void {
  const { iteration } = step.state;
  if (item !== undefined) {
    noteAside(step, outputIndex, item);
    return step.emit({ type: done ? 'item.done' : 'item.added', iteration, outputIndex, item });
  }
  const { delta } = event;
  if (typeof delta === 'string') {
    const at = (field: string): number => placeIn(event, field) ?? 0;
    const known = Object.hasOwn(deltas, type) ? deltas[type] : undefined;
    if (known !== undefined) {
      const [field, index] = known;
      return step.emit({ type: 'item.delta', iteration, outputIndex, field, index: at(index), delta });
    }
    if (type === textDelta) {
      const index = at('content_index');
      return step.emit(
        isAside(step.state, outputIndex)
          ? { type: 'item.delta', iteration, outputIndex, field: 'text', index, delta }
          : { type: 'text.delta', iteration, outputIndex, contentIndex: index, delta },
      );
    }
  }
  const status = progress.exec(type)?.[1];
  if (status !== undefined) step.emit({ type: 'item.progress', iteration, outputIndex, status });
}
