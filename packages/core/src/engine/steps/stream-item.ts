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

function numberIn(event: JsonObject, field: string): number {
  const value = event[field];
  // A place before the first would be no place in a list of parts.
  return typeof value === 'number' && value >= 0 ? value : 0;
}

export function isItem(value: unknown): value is OutputItem {
  return isJsonObject(value) && typeof value['type'] === 'string';
}

/** An item that an event was about; `done` where the event completed it. */
export interface ToldItem {
  readonly outputIndex: number;
  readonly done?: OutputItem;
}

/** Tells what a stream event says about an output item, and which item that is. */
export function tellItemEvent(step: Step, type: string, event: JsonObject): ToldItem | undefined {
  const { iteration } = step.state;
  // Items are known by their index: some gateways change item ids within one stream.
  const outputIndex = numberIn(event, 'output_index');
  const { delta, item } = event;
  if (type === 'response.output_text.delta') {
    if (typeof delta !== 'string') return undefined;
    const index = numberIn(event, 'content_index');
    if (isAside(step.state, outputIndex))
      step.tell({ type: 'item.delta', iteration, outputIndex, field: 'text', index, delta });
    else step.tell({ type: 'text.delta', iteration, outputIndex, contentIndex: index, delta });
    return { outputIndex };
  }
  if (type === 'response.output_item.added' || type === 'response.output_item.done') {
    if (!isItem(item)) return undefined;
    const done = type === 'response.output_item.done';
    noteAside(step, outputIndex, item);
    step.tell({ type: done ? 'item.done' : 'item.added', iteration, outputIndex, item });
    return done ? { outputIndex, done: item } : { outputIndex };
  }
  const known = Object.hasOwn(deltas, type) ? deltas[type] : undefined;
  if (known !== undefined && typeof delta === 'string') {
    const [field, index] = known;
    step.tell({ type: 'item.delta', iteration, outputIndex, field, index: numberIn(event, index), delta });
    return { outputIndex };
  }
  const progress = /^response\.\w+_call\.(\w+)$/.exec(type)?.[1];
  if (progress !== undefined) step.tell({ type: 'item.progress', iteration, outputIndex, status: progress });
  return undefined;
}
