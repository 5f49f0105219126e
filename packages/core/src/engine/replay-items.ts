import type { InputItem, OutputItem } from '../wire/items.ts';
import { fieldsOf, textOf } from '../wire/json.ts';

/**
 * Items whose input type requires an `id` (openai 7.59, `ResponseInputItem`). A message needs no `id`: its short form
 * `{ role, content }` has none. A program's `fingerprint` is valid only with its id.
 */
export const idRequired = [
  'code_interpreter_call',
  'computer_call',
  'file_search_call',
  'image_generation_call',
  'local_shell_call',
  'local_shell_call_output',
  'mcp_approval_request',
  'mcp_call',
  'mcp_list_tools',
  'program',
  'program_output',
  'reasoning',
  'web_search_call',
] as const;

const requiresId: ReadonlySet<string> = new Set(idRequired);

/**
 * Converts an output item to an input item. Undefined if the API does not accept it as input. `stored`: the server
 * keeps the response of the item.
 */
export function asInput(item: OutputItem, stored: boolean): InputItem | undefined {
  const { created_by: _onlyInOutput, ...sendable } = item;
  // Only the developer role may add tools in an input.
  if (item.type === 'additional_tools' && item['role'] !== 'developer') return undefined;
  if (stored) return sendable;
  // The server cannot load the reasoning, so the item must contain it.
  if (item.type === 'reasoning' && textOf(item['encrypted_content']) === undefined) return undefined;
  if (requiresId.has(item.type)) return sendable;
  const { id: _unknownToTheServer, ...rest } = sendable;
  return rest;
}

/**
 * The key that a call and its output share: an id, or `tool_search` for searches that the server executes, which have
 * no id. Undefined for other items.
 */
function pairOf(item: InputItem): string | undefined {
  if (item.type === 'mcp_approval_request') return textOf(item.id);
  const id = textOf(item.type === 'mcp_approval_response' ? item['approval_request_id'] : item['call_id']);
  return id ?? (item.type?.startsWith('tool_search_') ? 'tool_search' : undefined);
}

/**
 * Items that the API accepts only together, as pairs of indices: an item, and an earlier one that it needs. An output
 * needs its call, and a program's call needs the program. Some servers reuse ids, so an output belongs to the latest
 * earlier call with its id. Searches are answered in order.
 */
function requiredPairs(input: readonly InputItem[]): readonly (readonly [number, number])[] {
  const open = new Map<string, number[]>();
  const needs: [number, number][] = [];
  for (const [index, item] of input.entries()) {
    const program = open.get(textOf(fieldsOf(item['caller'])['caller_id']) ?? '')?.at(-1);
    if (program !== undefined) needs.push([index, program]);
    const pair = pairOf(item);
    if (pair === undefined) continue;
    const calls = open.get(pair) ?? [];
    open.set(pair, calls);
    if (!isAnswer(item)) {
      calls.push(index);
      continue;
    }
    const call = pair === 'tool_search' ? calls.shift() : calls.pop();
    if (call !== undefined) needs.push([index, call]);
  }
  return needs;
}

/**
 * The index at which the reasoning before an item begins. Several calls may share the reasoning. Without reasoning, the
 * item's own index.
 */
function withReasoning(input: readonly InputItem[], index: number, responses: readonly number[]): number {
  const begin = responses.findLast((at) => at <= index) ?? 0;
  const isReasoning = (at: number): boolean => at >= begin && input[at]?.type === 'reasoning';
  let from = index;
  while (from >= begin && !isReasoning(from)) from -= 1;
  if (from < begin) return index;
  while (isReasoning(from - 1)) from -= 1;
  return from;
}

/** The configuration updates that are still in effect. A setting applies until a later update replaces it. */
function updatesInEffect(before: readonly InputItem[]): readonly InputItem[] {
  const updates = before.filter((item) => item.type === 'configuration_update');
  return updates.filter((update, index) => {
    const later = updates.slice(index + 1);
    return ['reasoning', 'text'].some((setting) => setting in update && !later.some((one) => setting in one));
  });
}

/**
 * The part of a conversation from its last compaction, which replaces all earlier items. Otherwise a run of hundreds of
 * iterations would send everything each time. An earlier item that a kept item needs stays too, with all items
 * between them. An output needs its call, a call needs its program, and both need their reasoning.
 *
 * @param at The index of the last compaction by a response. If it is below 1, nothing is removed.
 * @param responses The known indices at which the output of a response begins
 */
export function sinceCompaction(
  input: readonly InputItem[],
  at: number = input.findLastIndex((item) => item.type === 'compaction'),
  responses: readonly number[] = [],
): readonly InputItem[] {
  if (at <= 0) return input;
  let from = at;
  // From the end, because an item that is kept for another one may need earlier items itself.
  for (const [index, needed] of requiredPairs(input).toReversed())
    if (index >= from && needed < from) from = withReasoning(input, needed, responses);
  return [...updatesInEffect(input.slice(0, from)), ...input.slice(from)];
}

/** Whether the item answers a call. */
function isAnswer({ type = '' }: InputItem): boolean {
  return type.endsWith('_output') || type === 'mcp_approval_response';
}
