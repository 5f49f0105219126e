import type { OutputItem } from '../../src/wire/items.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import type { Response } from '../../src/wire/response.ts';

/** The behaviour of a model in one response: its output, and how it ends. */
export interface Plan {
  readonly output: readonly OutputItem[];
  readonly status: 'completed' | 'failed' | 'incomplete' | 'cancelled';
  readonly error?: { readonly code: string; readonly message: string };
}

const callFields = { status: 'completed', arguments: '{"a":null}' };

/** A call of the tool with that name; see `verdictOf` in tools.ts. */
function call(tag: string, name: string): OutputItem {
  return { type: 'function_call', id: `fc_${tag}`, call_id: `call_${tag}`, name, ...callFields };
}

function message(tag: string, text: string): OutputItem {
  const content = [{ type: 'output_text', text, annotations: [] }];
  return { type: 'message', id: `msg_${tag}`, role: 'assistant', status: 'completed', content };
}

/** The kinds of responses that the engine handles differently. The first is the simplest. */
const plans: readonly ((tag: string) => Plan)[] = [
  (tag) => ({ status: 'completed', output: [message(tag, `Answer ${tag}.`)] }),
  (tag) => ({ status: 'completed', output: [call(tag, 'unsafe')] }),
  (tag) => ({
    status: 'completed',
    output: [
      { type: 'reasoning', id: `rs_${tag}`, summary: [], encrypted_content: `sealed ${tag}` },
      call(`${tag}a`, 'unsafe'),
      call(`${tag}b`, 'safe'),
    ],
  }),
  (tag) => ({
    status: 'completed',
    output: [call(`${tag}a`, 'asks'), call(`${tag}b`, 'external'), call(`${tag}c`, 'unsafe')],
  }),
  (tag) => ({
    status: 'completed',
    output: [
      { type: 'mcp_approval_request', id: `mcpr_${tag}`, name: 'hosted', server_label: 's', arguments: '{}' },
      {
        type: 'custom_tool_call',
        id: `ctc_${tag}`,
        call_id: `call_${tag}`,
        name: 'safe',
        input: 'free text',
      },
    ],
  }),
  // The server sends the same call id in every iteration, and a call without an id.
  () => ({
    status: 'completed',
    output: [
      call('same', 'unsafe'),
      call('same', 'unsafe'),
      { type: 'function_call', name: 'unsafe', arguments: '{}' },
    ],
  }),
  (tag) => ({ status: 'completed', output: [call(`${tag}a`, 'broken'), call(`${tag}b`, 'broken')] }),
  () => ({ status: 'completed', output: [] }),
  (tag) => ({
    status: 'completed',
    output: [{ type: 'hologram_call', id: `h_${tag}`, depth: 3 }, message(tag, 'Seen.')],
  }),
  (tag) => ({
    status: 'completed',
    output: [{ type: 'computer_call', id: `cc_${tag}`, call_id: `call_${tag}`, action: {} }],
  }),
  (tag) => ({
    status: 'failed',
    output: [call(tag, 'unsafe')],
    error: { code: 'server_error', message: 'Try again.' },
  }),
  (tag) => ({
    status: 'failed',
    output: [call(tag, 'unsafe')],
    error: { code: 'insufficient_quota', message: 'Pay.' },
  }),
  (tag) => ({ status: 'incomplete', output: [message(tag, 'Half an ans'), call(tag, 'unsafe')] }),
  (tag) => ({ status: 'cancelled', output: [call(tag, 'unsafe')] }),
];

/** A response of the simulated server. `log` contains the events of its stream in order. */
export interface ModelResponse {
  readonly id: string;
  readonly plan: Plan;
  readonly log: readonly JsonObject[];
  readonly flags: {
    readonly background: boolean | undefined;
    readonly store: boolean | undefined;
    /** Whether the events of its stream carry numbers. */
    readonly numbered: boolean;
  };
}

/** The indexes of plans. All plans occur. Plans that make a run continue occur more often. */
const often = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 5, 6, 8, 2, 3, 2, 3,
];

/** @param plan A number below 32; 0 answers and ends the run. */
export function modelResponse(number: number, plan: number, flags: ModelResponse['flags']): ModelResponse {
  const id = `resp_${number}`;
  const planned = (plans[often[plan] ?? 0] ?? plainPlan)(String(number));
  const response = { id, plan: planned, flags };
  return { ...response, log: logOf(response) };
}

function plainPlan(tag: string): Plan {
  return { status: 'completed', output: [message(tag, 'Done.')] };
}

/** The response as the driver parses it from a body. */
export function seen(response: Omit<ModelResponse, 'log'>, status: string): Response {
  const { id, plan } = response;
  const { background, store } = response.flags;
  const over = status === plan.status;
  return {
    id,
    status,
    output: over ? plan.output : [],
    error: over && plan.error !== undefined ? plan.error : null,
    incompleteReason: over && status === 'incomplete' ? 'max_output_tokens' : null,
    usage: over ? { input_tokens: 3, output_tokens: 2, total_tokens: 5 } : null,
    background,
    store,
  };
}

/** The response as it appears in a body on the wire. */
function onWire(response: Omit<ModelResponse, 'log'>, status: string): JsonObject {
  const {
    incompleteReason,
    background,
    store,
    error,
    previousResponseId: _,
    ...rest
  } = seen(response, status);
  return {
    ...rest,
    output: [...rest.output],
    error: error === null ? null : { ...error },
    incomplete_details: incompleteReason === null ? null : { reason: incompleteReason },
    ...(background === undefined ? {} : { background }),
    ...(store === undefined ? {} : { store }),
  };
}

function logOf(response: Omit<ModelResponse, 'log'>): readonly JsonObject[] {
  const { plan } = response;
  const log: JsonObject[] = [];
  const { numbered } = response.flags;
  const add = (event: JsonObject): void =>
    void log.push({ ...event, ...(numbered ? { sequence_number: log.length } : {}) });
  add({ type: 'response.created', response: onWire(response, 'queued') });
  add({ type: 'response.queued', response: onWire(response, 'queued') });
  add({ type: 'response.in_progress', response: onWire(response, 'in_progress') });
  for (const [output_index, item] of plan.output.entries()) {
    add({ type: 'response.output_item.added', output_index, item: { ...item, content: [], arguments: '' } });
    const text = item.type === 'message' ? textOf(item) : '';
    for (const delta of text.match(/.{1,4}/gs) ?? []) {
      add({ type: 'response.output_text.delta', output_index, content_index: 0, delta });
    }
    if (typeof item['arguments'] === 'string') {
      const delta = item['arguments'];
      add({ type: 'response.function_call_arguments.delta', output_index, delta });
    }
    add({ type: 'response.output_item.done', output_index, item });
  }
  if (plan.error !== undefined) add({ type: 'error', error: { ...plan.error } });
  const last = plan.status === 'cancelled' ? 'failed' : plan.status;
  add({ type: `response.${last}`, response: onWire(response, plan.status) });
  return log;
}

/** The text of a message item. */
function textOf(item: OutputItem): string {
  const [part] = Array.isArray(item['content']) ? item['content'] : [];
  return typeof part === 'object' && part !== null && 'text' in part ? String(part['text']) : '';
}
