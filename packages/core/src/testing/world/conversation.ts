import type { InputItem, Item, ToolOutput } from '../../wire/items.ts';
import { isJsonObject, type JsonValue } from '../../wire/json.ts';

/** `input` as items: a text is a user's message. What is not an object is left to validation. */
export function inputItems(input: JsonValue | undefined): readonly InputItem[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return Array.isArray(input) ? input.filter(isJsonObject) : [];
}

/** A reference to an item need not have a `type` (`openai`'s types); a message always has a role. */
export function isReference(item: Item): boolean {
  if (typeof item.type === 'string') return item.type === 'item_reference';
  return typeof item.id === 'string' && !('role' in item);
}

/** The easy form of a message has no `type`, and a reference need not have one. */
export function typeOf(item: Item): string {
  if (typeof item.type === 'string') return item.type;
  return isReference(item) ? 'item_reference' : 'message';
}

/** Settings and instructions that a client puts between other items. */
const ofClients: ReadonlySet<string> = new Set([
  'additional_tools',
  'compaction_trigger',
  'configuration_update',
  'item_reference',
  'mcp_approval_response',
]);

/** Whether the model made it: everything but users' messages, outputs, approvals and settings. */
export function isModelItem(item: Item): boolean {
  const type = typeOf(item);
  if (type === 'message') return item['role'] === 'assistant';
  if (type === 'program_output' || type === 'multi_agent_call_output') return true;
  if (type === 'tool_search_output') return item['execution'] !== 'client';
  return !type.endsWith('_output') && !ofClients.has(type);
}

/**
 * Turns of the model: runs of its items without anything of the user's between them. `isMade` tells which outputs a
 * server made itself, for instance in a container.
 */
export function modelTurns(items: readonly Item[], isMade: (item: Item) => boolean = () => false): number {
  let turns = 0;
  let inTurn = false;
  for (const item of items) {
    const model = isModelItem(item) || isMade(item);
    if (model && !inTurn) turns += 1;
    inTurn = model;
  }
  return turns;
}

/** What a call is known by in an item that makes it, or undefined for items that make none. */
export function callMadeBy(item: Item): string | undefined {
  if (item.type !== 'function_call' && item.type !== 'custom_tool_call') return undefined;
  return typeof item['call_id'] === 'string' ? item['call_id'] : undefined;
}

/** The call that an item answers. */
export function callAnsweredBy(item: Item): string | undefined {
  if (item.type !== 'function_call_output' && item.type !== 'custom_tool_call_output') return undefined;
  return typeof item['call_id'] === 'string' ? item['call_id'] : undefined;
}

/** Every output of a conversation by call id; of several for one call the last. */
export function outputsByCall(items: readonly Item[]): { readonly [callId: string]: ToolOutput } {
  const outputs: { [callId: string]: ToolOutput } = {};
  for (const item of items) {
    const call = callAnsweredBy(item);
    const output = item['output'];
    if (call === undefined) continue;
    if (typeof output === 'string') outputs[call] = output;
    else if (Array.isArray(output)) outputs[call] = output;
  }
  return outputs;
}

/** Text of the last message of the user's. */
export function lastUserText(items: readonly Item[]): string {
  const message = items.findLast((item) => typeOf(item) === 'message' && item['role'] === 'user');
  const content = message?.['content'];
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: JsonValue) => (isJsonObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}
