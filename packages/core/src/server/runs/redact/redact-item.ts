import { callIdOf, isCall } from '../../../engine/calls.ts';
import type { HiddenCall, ItemView, RunView } from '../../../engine/view/run-view.ts';
import { defined } from '../../../wire/defined.ts';
import type { InputItem, Item, OutputItem } from '../../../wire/items.ts';
import { isJsonObject, textOf, wordOf, type JsonValue } from '../../../wire/json.ts';
import { fieldsOfItem } from './item-fields.ts';
import { opaqueItemId } from './opaque-ids.ts';
import { toolFailed } from './redact-error.ts';
import { remember, rememberList, type Scope } from './remember.ts';

/** An item as a page sees it. */
export interface ShownItem {
  readonly item: OutputItem;
  /** The call that the item makes or answers, if its id is not among the shown fields. */
  readonly call?: HiddenCall;
}

/**
 * Fields of content parts, annotations and results that no page sees: ids of the server's files and containers, and the
 * probabilities of tokens, which make an answer several times larger.
 */
export const hiddenInside: ReadonlySet<string> = new Set(['container_id', 'file_id', 'logprobs']);
/** Those of the results of a file search: also the id of the server's store, and its metadata about the files. */
const hiddenInResults: ReadonlySet<string> = new Set([...hiddenInside, 'attributes', 'vector_store_id']);

/** The value without the hidden fields of its objects. The same value if it has none. */
function withoutFields(value: JsonValue, hidden: ReadonlySet<string>): JsonValue {
  if (Array.isArray(value)) {
    const shown = value.map((entry: JsonValue) => withoutFields(entry, hidden));
    return shown.every((entry, index) => entry === value[index]) ? value : shown;
  }
  if (!isJsonObject(value)) return value;
  const before = Object.entries(value);
  const shown = before.flatMap(([name, one]): [string, JsonValue | undefined][] =>
    hidden.has(name) ? [] : [[name, one && withoutFields(one, hidden)]],
  );
  const isSame = shown.length === before.length && shown.every(([name, one]) => one === value[name]);
  return isSame ? value : Object.fromEntries(shown);
}

function shownValue(item: Item, name: string, value: JsonValue, { redaction, runId }: Scope): JsonValue {
  // A call is decided by its id, which stays.
  if (name === 'id' && typeof value === 'string')
    return item.type === 'mcp_approval_request' ? value : opaqueItemId(value, runId);
  if (item.type === 'mcp_call' && name === 'error' && value !== null && !redaction.showErrors)
    return toolFailed;
  // The model chooses the names of arguments.
  if (name === 'arguments') return value;
  return withoutFields(value, item.type === 'file_search_call' ? hiddenInResults : hiddenInside);
}

/** The item with its type, id, status and these fields. The same item if it has no others. */
function project(item: Item, fields: readonly string[], scope: Scope): Item {
  const kept: [string, JsonValue][] = [];
  let isSame = true;
  for (const [name, value] of Object.entries(item)) {
    const isText = ['type', 'id', 'status'].includes(name) && typeof value === 'string';
    const isShown = isText || fields.includes(name) || (name === 'agent' && fields.length > 0);
    const shown = value === undefined || !isShown ? undefined : shownValue(item, name, value, scope);
    if (shown !== undefined) kept.push([name, shown]);
    isSame &&= shown === value;
  }
  return isSame ? item : Object.fromEntries(kept);
}

/** An output item with the fields that a page sees. A hidden item keeps its type, id and status. */
export const redactItem: (item: OutputItem, scope: Scope) => ShownItem = remember((item, scope) => {
  const kept = project(item, fieldsOfItem(item, scope.redaction), scope);
  const shown = kept === item ? item : { ...kept, type: item.type };
  const callId = callIdOf(item);
  if (callId === undefined || callIdOf(shown) === callId) return { item: shown };
  if (!isCall(item)) return { item: shown, call: { callId } };
  const name = textOf(item['name']);
  const namespace = textOf(item['namespace']);
  return { item: shown, call: { callId, ...defined({ name, namespace }) } };
});

export const redactItems: (items: readonly ItemView[], scope: Scope) => readonly ItemView[] = rememberList(
  remember((entry, scope) => {
    const shown = redactItem(entry.item, scope);
    return shown.item === entry.item ? entry : { ...entry, ...shown };
  }),
);

/** An item of the run's input. A server may have added messages with instructions, which are hidden. */
const redactInputItem: (item: InputItem, scope: Scope) => InputItem = remember((item, scope) => {
  const role = wordOf(item['role']);
  const type = item.type ?? (item['role'] === undefined ? 'item_reference' : 'message');
  if (type === 'message')
    return project(item, ['user', 'assistant'].includes(role) ? ['role', 'content', 'phase'] : [], scope);
  return project(item, fieldsOfItem({ ...item, type }, scope.redaction), scope);
});

const redactInputItems: (items: readonly InputItem[], scope: Scope) => readonly InputItem[] =
  rememberList(redactInputItem);

export function redactInput(input: RunView['input'], scope: Scope): RunView['input'] {
  return typeof input === 'string' ? input : redactInputItems(input, scope);
}

/** Input that was added to a run. The site's code may have added it, with instructions. */
export const redactSteered: (steered: RunView['steered'], scope: Scope) => RunView['steered'] = rememberList(
  remember((entry, scope) => {
    const input = redactInput(entry.input, scope);
    return input === entry.input ? entry : { ...entry, input };
  }),
);
