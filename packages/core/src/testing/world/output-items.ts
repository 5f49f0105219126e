import type { OutputItem } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Iteration, ScriptedCall, ScriptedMessage } from '../script/iteration.ts';

export interface OutputContext {
  /** Returns a new id for an item of this type. */
  readonly itemId: (type: string) => string;
  readonly callId: () => string;
  /** Whether the request includes `reasoning.encrypted_content`. */
  readonly encrypt: boolean;
  /** Whether only the first of the iteration's `calls` is made (`parallel_tool_calls: false`). */
  readonly oneCall: boolean;
  /** Whether the model's messages have a `phase`. */
  readonly hasPhases: boolean;
}

function reasoningItem(iteration: Iteration, context: OutputContext): OutputItem | undefined {
  const summary = iteration.summary ?? (typeof iteration.reasoning === 'string' ? [iteration.reasoning] : []);
  if (summary.length === 0 && (iteration.reasoning ?? false) === false) return undefined;
  const id = context.itemId('reasoning');
  return {
    id,
    type: 'reasoning',
    content: [],
    summary: summary.map((text) => ({ type: 'summary_text', text })),
    // Opaque to clients. It contains the id, so that a test can see which item it belongs to.
    ...(context.encrypt ? { encrypted_content: `gAAAAA${id.slice(3)}` } : {}),
  };
}

/** The field that names the agent that made an item, if a response has several agents (beta). */
function madeBy(agent: string | undefined): JsonObject {
  return agent === undefined ? {} : { agent: { agent_name: agent } };
}

function messageItem(
  content: JsonObject,
  said: Pick<ScriptedMessage, 'phase' | 'agent'>,
  context: OutputContext,
): OutputItem {
  const phase = said.phase === undefined ? (context.hasPhases ? 'final_answer' : null) : said.phase;
  return {
    id: context.itemId('message'),
    type: 'message',
    status: 'completed',
    content: [content],
    ...(phase === null ? {} : { phase }),
    role: 'assistant',
    ...madeBy(said.agent),
  };
}

function textPart(text: string): JsonObject {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

function argumentsText(call: ScriptedCall): string {
  if (typeof call.arguments === 'string') return call.arguments;
  return JSON.stringify(call.arguments === undefined ? {} : call.arguments);
}

function callItem(call: ScriptedCall, context: OutputContext): OutputItem {
  return {
    id: context.itemId('function_call'),
    type: 'function_call',
    status: 'completed',
    arguments: argumentsText(call),
    call_id: call.callId ?? context.callId(),
    ...(call.async === undefined ? {} : { async: call.async }),
    ...(call.caller === undefined ? {} : { caller: { type: 'program', caller_id: call.caller } }),
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
    ...madeBy(call.agent),
  };
}

/** Types of items to which an output refers by their `call_id`. */
const callTypes: readonly string[] = [
  'function_call',
  'custom_tool_call',
  'shell_call',
  'local_shell_call',
  'computer_call',
  'apply_patch_call',
  'multi_agent_call',
  'program',
];

/** A raw item, with the ids that clients need if the script omits them. */
function rawItem(item: OutputItem, context: OutputContext): OutputItem {
  const called = callTypes.includes(item.type) && item['call_id'] === undefined;
  return { id: context.itemId(item.type), ...(called ? { call_id: context.callId() } : {}), ...item };
}

/** The items of an `incomplete` response. The last item has the status `incomplete` too, unless it is reasoning. */
function cutOff(items: readonly OutputItem[]): readonly OutputItem[] {
  return items.map((item, index) =>
    index === items.length - 1 && item.type !== 'reasoning' ? { ...item, status: 'incomplete' } : item,
  );
}

/** The output items of the response that answers with an iteration. */
export function outputItems(iteration: Iteration, context: OutputContext): readonly OutputItem[] {
  const items: OutputItem[] = [];
  const reasoning = reasoningItem(iteration, context);
  if (reasoning !== undefined) items.push(reasoning);
  for (const said of iteration.messages ?? []) items.push(messageItem(textPart(said.text), said, context));
  for (const item of iteration.items ?? []) items.push(rawItem(item, context));
  const said = iteration.phase === undefined ? {} : { phase: iteration.phase };
  if (iteration.refusal !== undefined)
    items.push(messageItem({ type: 'refusal', refusal: iteration.refusal }, said, context));
  if (iteration.text !== undefined) items.push(messageItem(textPart(iteration.text), said, context));
  const calls = context.oneCall ? (iteration.calls ?? []).slice(0, 1) : (iteration.calls ?? []);
  for (const call of calls) items.push(callItem(call, context));
  return (iteration.incomplete ?? false) === false ? items : cutOff(items);
}
