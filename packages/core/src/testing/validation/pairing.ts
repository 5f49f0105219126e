import type { Item } from '../../wire/items.ts';
import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { callAnsweredBy, callMadeBy } from '../world/conversation.ts';

/** The API's name for the kind of call that an output answers. */
function kindOf({ type = '' }: Item): string {
  return type === 'function_call_output'
    ? 'function call'
    : type.replace(/_output$/, '').replaceAll('_', ' ');
}

/** The call id of an output that a hosted container may have produced, so that the client need not send an output. */
function hostedAnswer(item: Item): string | undefined {
  const { type = '', call_id: id } = item;
  const answers = ['shell_call_output', 'apply_patch_call_output', 'computer_call_output'];
  return answers.includes(type) && typeof id === 'string' ? id : undefined;
}

function hostedCall(item: Item): string | undefined {
  const { type = '', call_id: id } = item;
  const calls = ['shell_call', 'apply_patch_call', 'computer_call'];
  return calls.includes(type) && typeof id === 'string' ? id : undefined;
}

/**
 * In the whole conversation, every function or custom tool call must have one output, and every output an earlier call.
 * The error for a second output is from hermes-agent 102629. If a later call has the same id, it needs its own output.
 */
export function pairingError(conversation: readonly Item[]): ApiError | undefined {
  const open = new Set<string>();
  const made = new Set<string>();
  const closed = new Set<string>();
  for (const item of conversation) {
    const call = callMadeBy(item);
    // An asynchronous call may be answered in a later create.
    if (call !== undefined && item['async'] !== true) open.add(call);
    const known = call ?? hostedCall(item);
    if (known !== undefined) {
      made.add(known);
      closed.delete(known);
    }
    const answered = callAnsweredBy(item) ?? hostedAnswer(item);
    if (answered === undefined) continue;
    if (!made.has(answered)) {
      return invalidRequest(
        `No tool call found for ${kindOf(item)} output with call_id ${answered}.`,
        'input',
      );
    }
    if (closed.has(answered)) {
      return invalidRequest(
        `Duplicate ${item.type} for call_id '${answered}'. Each ${kindOf(item).replaceAll(' ', '_')} must have exactly one matching ${item.type}`,
        'input',
      );
    }
    if (callAnsweredBy(item) !== undefined) closed.add(answered);
    open.delete(answered);
  }
  const [unanswered] = open;
  return unanswered === undefined
    ? undefined
    : invalidRequest(`No tool output found for function call ${unanswered}.`, 'input');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function namespaced(tools: readonly JsonObject[]): ReadonlySet<JsonValue | undefined> {
  const inner = tools.flatMap((tool) =>
    tool['type'] === 'namespace' && Array.isArray(tool['tools']) ? tool['tools'].filter(isJsonObject) : [],
  );
  return new Set(inner.map((tool) => tool['name']));
}

/** The error for a call without the namespace, or an output without the JSON, that the create's tools require. */
export function toolFitError(
  body: JsonObject,
  input: readonly Item[],
  conversation: readonly Item[],
): ApiError | undefined {
  const tools = Array.isArray(body['tools']) ? body['tools'].filter(isJsonObject) : [];
  const plain = new Set(tools.map((tool) => tool['name']));
  const inNamespaces = namespaced(tools);
  const typed = new Set(
    tools.filter((tool) => isJsonObject(tool['output_schema'])).map((tool) => tool['name']),
  );
  const names = new Map(conversation.map((item) => [callMadeBy(item), item['name']]));
  for (const [index, item] of input.entries()) {
    const { name, output } = item;
    const lost = item.type === 'function_call' && (item['namespace'] ?? null) === null;
    if (lost && inNamespaces.has(name) && !plain.has(name)) {
      return invalidRequest(
        `Missing namespace for function_call '${wordOf(name)}'. It does not exist in the default namespace. Round-trip the model's function_call item with its namespace field included.`,
        `input[${index}].namespace`,
      );
    }
    const answers = item.type === 'function_call_output' && typed.has(names.get(callAnsweredBy(item)));
    if (answers && (typeof output !== 'string' || !isJson(output))) {
      return invalidRequest(
        'Invalid function_call_output.output: expected a JSON string because the function declares output_schema.',
        'input',
        'invalid_value',
      );
    }
  }
  return undefined;
}
