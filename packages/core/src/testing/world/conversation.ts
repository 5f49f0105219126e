import type { InputItem, Item, ToolOutput } from '../../wire/items.ts';
import { isJsonObject, type JsonValue } from '../../wire/json.ts';

/**
 * `input` as items. A string becomes a user message. Values that are not objects are dropped; validation reports them.
 */
export function inputItems(input: JsonValue | undefined): readonly InputItem[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return Array.isArray(input) ? input.filter(isJsonObject) : [];
}

/** Whether an item is a reference. Its `type` is optional (`openai`'s types), but a message always has a role. */
export function isReference(item: Item): boolean {
  if (typeof item.type === 'string') return item.type === 'item_reference';
  return typeof item.id === 'string' && !('role' in item);
}

/** The type of an item. The short form of a message has no `type`, and a reference may omit it. */
export function typeOf(item: Item): string {
  if (typeof item.type === 'string') return item.type;
  return isReference(item) ? 'item_reference' : 'message';
}

/** Types of items that the client sends, in addition to messages and outputs. */
const ofClients: ReadonlySet<string> = new Set([
  'additional_tools',
  'compaction_trigger',
  'configuration_update',
  'item_reference',
  'mcp_approval_response',
]);

/** Whether the model made an item. User messages, approvals, settings and most outputs come from the client. */
export function isModelItem(item: Item): boolean {
  const type = typeOf(item);
  if (type === 'message') return item['role'] === 'assistant';
  if (type === 'program_output' || type === 'multi_agent_call_output') return true;
  if (type === 'tool_search_output') return item['execution'] !== 'client';
  return !type.endsWith('_output') && !ofClients.has(type);
}

/**
 * The number of the model's turns: sequences of the model's items without a client's item between them. `isMade`
 * returns whether the server made an output itself, for example in a container.
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

/** The call id of a function call or custom tool call; undefined for other items. */
export function callMadeBy(item: Item): string | undefined {
  if (item.type !== 'function_call' && item.type !== 'custom_tool_call') return undefined;
  return typeof item['call_id'] === 'string' ? item['call_id'] : undefined;
}

/** The call id of the output of a function or custom tool; undefined for other items. */
export function callAnsweredBy(item: Item): string | undefined {
  if (item.type !== 'function_call_output' && item.type !== 'custom_tool_call_output') return undefined;
  return typeof item['call_id'] === 'string' ? item['call_id'] : undefined;
}

/** The outputs of a conversation by call id. If a call has several, the last one counts. */
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

/** The text of the user's last message. */
export function lastUserText(items: readonly Item[]): string {
  const message = items.findLast((item) => typeOf(item) === 'message' && item['role'] === 'user');
  const content = message?.['content'];
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: JsonValue) => (isJsonObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('');
}
