/** Makes the parts of one item: of a message, of reasoning, of a hosted tool, or of a call of the view. */
import { isSettledCall, type ItemView, type ToolCallView } from '../engine/view/run-view.ts';
import type { OutputItem } from '../wire/items.ts';
import { fieldsOf, textOf, type JsonValue } from '../wire/json.ts';
import { agentOf } from '../wire/message-text.ts';
import { contentParts } from './content-parts.ts';
import { hostedToolName } from './hosted-tool-name.ts';
import { makePart, type Place } from './make-part.ts';
import type { Part, ReasoningPart, ToolPart } from './part.ts';

export function toolPart(call: ToolCallView, key: string): ToolPart {
  const { iteration, status } = call;
  return makePart(call, 'tool', { key, iteration, done: isSettledCall(status) }, { call });
}

/**
 * The parts of an output item that is not a call of the view.
 *
 * @param done Whether the item is complete, or its run has ended.
 * @param output The item that answers it.
 */
export function itemParts(entry: ItemView, done: boolean, output: OutputItem | undefined): readonly Part[] {
  const { iteration, outputIndex, item } = entry;
  const { type, summary, content } = item;
  const key = `${iteration}/${outputIndex}`;
  const at = { key, iteration, done };
  if (type === 'message') return contentParts(content, item, { ...at, agent: agentOf(item) });
  if (type === 'reasoning') {
    const parts = reasoningParts(summary, at);
    return parts.length > 0 ? parts : reasoningParts(content, at);
  }
  const name = hostedToolName(item);
  if (name === undefined) return [makePart(item, 'other', at, { item })];
  const ended = item['error'] ? 'failed' : 'completed';
  const status = textOf(item.status) ?? (done ? ended : 'in_progress');
  const part = makePart(item, 'hosted_tool', at, { name, status, item, output });
  return [part, ...madeParts(entry, at)];
}

/** The images and files that a hosted tool has made. */
function madeParts({ item, partialImage }: ItemView, at: Place): readonly Part[] {
  if (item.type === 'code_interpreter_call') return contentParts(item['outputs'], item, at);
  if (item.type !== 'image_generation_call') return [];
  const image = textOf(item['result']) ?? partialImage?.image;
  if (image === undefined) return [];
  const format = textOf(item['output_format']) ?? partialImage?.format ?? 'png';
  const url = `data:image/${format === 'svg' ? 'svg+xml' : format};base64,${image}`;
  const prompt = textOf(item['revised_prompt']);
  const partial = partialImage !== undefined;
  const place = { ...at, key: `${at.key}/0` };
  return [makePart(partialImage ?? item, 'image', place, { url, partial, prompt })];
}

/** The texts of a summary, or of reasoning, as paragraphs. */
function reasoningParts(list: JsonValue | undefined, at: Place): readonly ReasoningPart[] {
  if (!Array.isArray(list)) return [];
  const text = list.flatMap((part: JsonValue) => textOf(fieldsOf(part)['text']) ?? []).join('\n\n');
  return text === '' ? [] : [makePart(list, 'reasoning', at, { text })];
}
