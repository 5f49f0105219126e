import type { InputItem, OutputItem } from '../wire/items.ts';
import { textOf } from '../wire/text-of.ts';

/**
 * Items whose input type requires an `id` (openai 7.59, `ResponseInputItem`). Messages are not among them: the easy
 * form has none. A program's `fingerprint` is tied to its id.
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

/** An output item as the API takes it as input; undefined where it takes none. `stored`: the server keeps its response. */
export function asInput(item: OutputItem, stored: boolean): InputItem | undefined {
  const { created_by: _onlyInOutput, ...sendable } = item;
  // Only a developer may add tools in an input.
  if (item.type === 'additional_tools' && item['role'] !== 'developer') return undefined;
  if (stored) return sendable;
  // The server cannot look the reasoning up: it must travel with the item.
  if (item.type === 'reasoning' && textOf(item['encrypted_content']) === undefined) return undefined;
  if (requiresId.has(item.type)) return sendable;
  const { id: _unknownToTheServer, ...rest } = sendable;
  return rest;
}

/** The id that ties a call and its output together. */
function pairOf(item: InputItem): string | undefined {
  if (item.type === 'mcp_approval_request') return textOf(item.id);
  return textOf(item.type === 'mcp_approval_response' ? item['approval_request_id'] : item['call_id']);
}

/** The configuration updates that are still in effect: each setting holds until a later update replaces it. */
function updatesInEffect(before: readonly InputItem[]): readonly InputItem[] {
  const updates = before.filter((item) => item.type === 'configuration_update');
  return updates.filter((update, index) => {
    const later = updates.slice(index + 1);
    return ['reasoning', 'text'].some((setting) => setting in update && !later.some((one) => setting in one));
  });
}

/**
 * A conversation from its last compaction on: the compaction stands for all that was before it, and a run of hundreds
 * of legs would otherwise send everything each time. A call before it that is answered after it stays, with the
 * reasoning that it belongs to: the API refuses an output without its call.
 */
export function sinceCompaction(input: readonly InputItem[]): readonly InputItem[] {
  const at = input.findLastIndex((item) => item.type === 'compaction');
  if (at <= 0) return input;
  const before = input.slice(0, at);
  const after = input.slice(at);
  const called = new Set(before.flatMap((item) => (isAnswer(item) ? [] : (pairOf(item) ?? []))));
  const answered = new Set(before.flatMap((item) => (isAnswer(item) ? (pairOf(item) ?? []) : [])));
  const open = new Set(
    after.flatMap((item) => {
      const pair = isAnswer(item) ? pairOf(item) : undefined;
      return pair !== undefined && called.has(pair) && !answered.has(pair) ? [pair] : [];
    }),
  );
  const first = before.findIndex((item) => !isAnswer(item) && open.has(pairOf(item) ?? ''));
  if (first < 0) return [...updatesInEffect(before), ...after];
  let from = first;
  while (before[from - 1]?.type === 'reasoning') from -= 1;
  return [...updatesInEffect(before.slice(0, from)), ...before.slice(from), ...after];
}

/** Whether the item answers a call. */
function isAnswer({ type = '' }: InputItem): boolean {
  return type.endsWith('_output') || type === 'mcp_approval_response';
}
