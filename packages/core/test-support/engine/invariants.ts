import type { AgentSpec } from '../../src/engine/agent-spec.ts';
import type { IterationRequest } from '../../src/engine/iteration-request.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import type { StoredItem } from '../../src/engine/stored-item.ts';
import type { CreateBody } from '../../src/wire/create-body.ts';
import type { Item } from '../../src/wire/items.ts';
import { isJsonObject } from '../../src/wire/json.ts';

/** Thrown if a run breaks an invariant. */
export class Broken extends Error {
  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.name = 'Broken';
  }
}

/** Objects that are already checked. Consecutive states share most of their objects. */
const plain = new WeakSet<object>();

/** Fails unless `value` is plain JSON data, without undefined or NaN. */
export function mustBeJson(value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  const isPlain =
    Array.isArray(value) || (isJsonObject(value) && Object.getPrototypeOf(value) === Object.prototype);
  if (!isPlain) throw new Broken('JSON', `${String(value)} is not plain JSON data`);
  if (plain.has(value)) return;
  plain.add(value);
  for (const [key, part] of Object.entries(value)) {
    try {
      mustBeJson(part);
    } catch (error) {
      if (error instanceof Broken) error.message += ` at ${key}`;
      throw error;
    }
  }
}

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}

const createKeys = new Set([
  ...['model', 'instructions', 'input', 'previous_response_id', 'tools', 'tool_choice', 'include'],
  ...['background', 'store', 'stream', 'metadata', 'reasoning', 'temperature'],
]);
const keysOf: { readonly [Kind in IterationRequest['kind']]: readonly string[] } = {
  create: ['kind', 'body'],
  retrieve: ['kind', 'responseId', 'stream', 'startingAfter'],
  cancel: ['kind', 'responseId'],
};

/** I1: a sent request is a new object, deep-frozen, and has no fields of another kind of request. */
export function mustBeFresh(request: IterationRequest, sent: Set<object>): void {
  const parts = request.kind === 'create' ? [request, request.body, request.body.input] : [request];
  for (const part of parts) {
    if (sent.has(part)) throw new Broken('I1', 'a request was sent before');
    sent.add(part);
  }
  if (!isDeepFrozen(request)) throw new Broken('I1', 'a request can be changed');
  for (const key of Object.keys(request)) {
    if (!keysOf[request.kind].includes(key)) throw new Broken('I1', `a ${request.kind} has ${key}`);
  }
  if (request.kind !== 'create') return;
  for (const key of Object.keys(request.body)) {
    if (!createKeys.has(key)) throw new Broken('I1', `a create has ${key}`);
  }
}

/** I3, and the other properties that all creates of a run share. */
export function mustBelong(body: CreateBody, state: RunState, spec: AgentSpec): void {
  if (body.background !== spec.background)
    throw new Broken('I3', `a create has background: ${body.background}`);
  if (body.metadata?.['longhaul_run_id'] !== state.runId)
    throw new Broken('I3', 'a create does not name its run');
  if (body.instructions !== spec.instructions || body.tools?.length !== spec.tools.length) {
    throw new Broken('I1', 'instructions or tools were not sent, which the API does not carry over');
  }
  if (state.iteration > 0 && body.tool_choice === 'required') {
    throw new Broken('I9', 'a forced choice was sent again, so the model would call in every iteration');
  }
}

/** The id of the call or approval request that an item is. */
function callOf(item: Item): string | undefined {
  if (item.type === 'mcp_approval_request') return item.id;
  const callId = item['call_id'];
  const isCall = item.type === 'function_call' || item.type === 'custom_tool_call';
  return isCall && typeof callId === 'string' ? callId : undefined;
}

function answerTo(item: Item): string | undefined {
  const id = item.type === 'mcp_approval_response' ? item['approval_request_id'] : item['call_id'];
  return item.type?.endsWith('_output') === true || item.type === 'mcp_approval_response'
    ? String(id)
    : undefined;
}

/** The ids of the calls and approval requests of an iteration, in the model's order, each once. */
export function callIdsOf(items: readonly StoredItem[], iteration: number): string[] {
  const ids = items.flatMap((item) =>
    item.type === 'output' && item.iteration === iteration ? [callOf(item.item) ?? ''] : [],
  );
  return [...new Set(ids.filter((id) => id !== ''))];
}

/**
 * I5: a create answers each call of the previous response (chain) or of all earlier responses (replay) once, in the
 * model's order. A chained create does not send calls or reasoning, which the server has.
 */
export function mustAnswer(body: CreateBody, state: RunState, items: readonly StoredItem[]): void {
  const { iteration, strategy } = state;
  const answered = body.input.map(answerTo).filter((id) => id !== undefined);
  const iterations =
    strategy === 'replay' ? Array.from({ length: iteration }, (_, index) => index) : [iteration - 1];
  const expected = iterations.flatMap((index) => callIdsOf(items, index));
  const first = items.find((item) => item.type === 'input');
  const before = (first?.lead ?? []).filter((item) => answerTo(item) !== undefined);
  const whole = strategy === 'replay' || iteration === 0;
  const wanted = [...(whole ? before.map((item) => answerTo(item)) : []), ...expected];
  if (JSON.stringify(answered) !== JSON.stringify(wanted)) {
    throw new Broken(
      'I5',
      `${strategy} of iteration ${iteration} answers ${answered.join()}, not ${wanted.join()}`,
    );
  }
  if (strategy === 'chain') {
    if (body.previous_response_id === undefined)
      throw new Broken('I5', 'a chained create has no previous_response_id');
    const known = body.input.find((item) => callOf(item) !== undefined || item.type === 'reasoning');
    if (known !== undefined) throw new Broken('I5', 'a chained create sends items that the server has');
  } else if (body.previous_response_id !== undefined) {
    throw new Broken('I5', 'a replayed create has a previous_response_id');
  }
  mustResend(body, items);
}

/** I6: a sent output equals the recorded output, even if it is sent repeatedly. */
function mustResend(body: CreateBody, items: readonly StoredItem[]): void {
  for (const sent of body.input) {
    const id = answerTo(sent);
    const recorded = items.flatMap((item) =>
      item.type === 'call' && item.callId === id ? [item.output] : [],
    );
    const same = recorded.some((output) => JSON.stringify(output) === JSON.stringify(sent));
    if (id !== undefined && recorded.length > 0 && !same)
      throw new Broken('I6', `${id} has a different output`);
  }
}
