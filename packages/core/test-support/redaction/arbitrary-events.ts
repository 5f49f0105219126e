import * as fc from 'fast-check';
import type { RunEventBody } from '../../src/engine/view/run-event.ts';
import { outputItemTypes } from '../../src/testing/stream/item-events.ts';
import type { JsonObject } from '../../src/wire/json.ts';

/** Texts that no page may see, by the place that contains them. */
export const hidden = {
  arguments: 'hidden-arguments',
  error: 'hidden-error',
  field: 'hidden-field',
  metadata: 'hidden-metadata',
  output: 'hidden-output',
  progress: 'hidden-progress',
  request: 'hidden-request',
  responseId: 'resp_68ahiddenid',
  gatewayId: 'chatcmpl-9aHidden',
  file: 'hidden-file',
} as const;

/** The names of the tools of {@link arbitraryEvents}: of the agent, with a private one, and of no agent. */
const toolNames = ['open', 'closed', 'former'];
const isClosed = (name: unknown): boolean => name !== 'open';

const iteration = fc.integer({ min: 0, max: 1 });
const outputIndex = fc.integer({ min: 0, max: 3 });
const callId = fc.constantFrom('a', 'b', 'c');
const responseId = fc.constantFrom(`${hidden.responseId}1`, `${hidden.responseId}2`, hidden.gatewayId);
const name = fc.constantFrom(...toolNames);
const error = fc.record({
  code: fc.constantFrom('failed', 'denied', 'timed_out', 'server_error', 'rate_limit_exceeded', 'cancelled'),
  message: responseId.map((id) => `${hidden.error} of ${id}`),
});
/** The message of a denied call is a person's, so a page may see it. */
const callError = error.map((one) => (one.code === 'denied' ? { ...one, message: 'No.' } : one));

const annotated: JsonObject = {
  ...{ type: 'output_text', text: 'Hi ', logprobs: [{ token: hidden.field }] },
  annotations: [{ type: 'container_file_citation', container_id: hidden.file, file_id: hidden.file }],
};

const fields: fc.Arbitrary<JsonObject> = fc.record(
  {
    // Ids of gateways contain the id of the response.
    id: fc.constantFrom('x1', 'x2', `msg_${hidden.responseId}-1`, hidden.gatewayId),
    status: fc.constantFrom('in_progress', 'completed'),
    agent: fc.constantFrom({ agent_name: '/root' }, { agent_name: '/root/scout' }),
    phase: fc.constantFrom('commentary', 'final_answer', null),
    encrypted_content: fc.constant(hidden.field),
    fingerprint: fc.constant(hidden.field),
    caller: fc.constant({ type: 'program', caller_id: hidden.field }),
    created_by: fc.constant(hidden.field),
    tools: fc.constant([{ name: hidden.field }]),
    unheard_of: fc.constant(hidden.field),
    content: fc.constantFrom<JsonObject[]>([], [{ type: 'output_text', text: 'Hi ' }], [annotated]),
    server_label: fc.constantFrom('docs', ''),
    approval_request_id: callId,
    namespace: fc.constantFrom('ns', ''),
  },
  { requiredKeys: [] },
);

/** An item of any type, whose arguments and outputs are hidden where its tool is not `open`. */
const arbitraryItem: fc.Arbitrary<JsonObject & { readonly type: string }> = fc
  .tuple(
    fc.constantFrom(...outputItemTypes, 'function_call', 'function_call', 'unknown_type'),
    fields,
    callId,
    name,
  )
  .map(([type, more, call_id, toolName]) => {
    const { namespace, ...rest } = more;
    const names = namespace === undefined ? {} : { namespace };
    switch (type) {
      case 'function_call':
      case 'custom_tool_call': {
        const text = isClosed(toolName) || namespace === 'ns' ? hidden.arguments : 'shown';
        const key = type === 'function_call' ? 'arguments' : 'input';
        return { ...rest, type, call_id, name: toolName, ...names, [key]: JSON.stringify({ text }) };
      }
      case 'function_call_output':
      case 'custom_tool_call_output':
        return { ...rest, type, call_id, output: hidden.output };
      case 'program':
        return { ...rest, type, call_id, code: hidden.arguments };
      case 'program_output':
        return { ...rest, type, call_id, result: hidden.output };
      case 'mcp_approval_request':
        return { ...rest, type, id: call_id, name: toolName, arguments: '{"a":1}' };
      default:
        return { ...rest, type, call_id };
    }
  });

const attempt = fc
  .record({
    responseId: fc.option(responseId),
    strategy: fc.constantFrom('first', 'chain', 'replay'),
    status: fc.constantFrom('queued', 'failed'),
    mode: fc.constantFrom('poll', 'stream'),
    polls: fc.nat(2),
    reconnects: fc.nat(2),
  })
  .chain((one) =>
    fc.option(error, { nil: undefined }).map((why) => ({ ...one, ...(why && { error: why }) })),
  );
const attempts = fc.array(attempt, { maxLength: 2 });
const waiting = fc.record(
  {
    mode: fc.constantFrom('poll', 'stream'),
    responseId,
    responseStatus: fc.constantFrom('queued', 'in_progress'),
    attempt: fc.nat(1),
    startedAt: fc.nat(5),
    lastSequenceNumber: fc.nat(5),
    error,
  },
  { requiredKeys: ['mode', 'responseId', 'responseStatus', 'attempt', 'startedAt'] },
);
const usage = fc.nat(9).map((n) => ({
  ...{ inputTokens: n, cachedInputTokens: 0, outputTokens: n },
  ...{ reasoningTokens: 0, totalTokens: 2 * n },
}));
const of = <Type extends string>(...types: Type[]): fc.Arbitrary<Type> => fc.constantFrom(...types);

/** Events about items. The deltas do not know what they extend, so their text is not a hidden one. */
const itemBody: fc.Arbitrary<RunEventBody> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: of('item.added', 'item.done'),
      iteration,
      outputIndex,
      item: arbitraryItem,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: of('items.replaced'),
      iteration,
      items: fc.array(arbitraryItem, { maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: of('text.delta'),
      iteration,
      outputIndex,
      contentIndex: fc.nat(1),
      delta: of('x', 'yz'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: of('item.delta'),
      field: of('text', 'arguments', 'input', 'summary', 'reasoning', 'refusal', 'code'),
      ...{ iteration, outputIndex, index: fc.nat(1), delta: of('x', 'yz') },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: of('item.progress'),
      iteration,
      outputIndex,
      status: of('searching', 'completed'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: of('item.image'), iteration, outputIndex, image: of('aW1n', 'aW1h') }),
  },
);

const callBody: fc.Arbitrary<RunEventBody> = fc.oneof(
  fc.record({ type: of('tool.started'), iteration, callId, name, arguments: fc.constant({ a: 1 }) }),
  fc.record({ type: of('tool.progress'), iteration, callId, progress: fc.nat(9) }),
  fc.record(
    {
      type: of('tool.settled'),
      ...{ iteration, callId, name, arguments: fc.constant({ a: 2 }), output: fc.nat(9), error: callError },
      status: of('completed', 'failed', 'denied'),
    },
    { requiredKeys: ['type', 'iteration', 'callId', 'name', 'status'] },
  ),
  fc.record(
    {
      type: of('decision.needed'),
      ...{ iteration, callId, name, arguments: fc.constant({ a: 3 }), approvalView: fc.nat(9) },
      kind: of('approval', 'output'),
    },
    { requiredKeys: ['type', 'iteration', 'callId', 'name', 'kind'] },
  ),
  fc.record(
    {
      type: of('decision.made'),
      ...{ iteration, callId, by: of('ann', 'bob') },
      decision: of('approve', 'deny', 'output', 'error'),
    },
    { requiredKeys: ['type', 'iteration', 'callId', 'decision'] },
  ),
  fc.record({ type: of('tool.leased'), iteration, callId, leasedUntil: fc.nat(9) }),
);

const pending = { iteration, attempts, waiting };
const arbitraryInput = fc.oneof(
  of('Hello'),
  fc.array(
    fc.oneof(
      fc.constant({ role: 'user', content: 'Hello' }),
      fc.constant({ role: 'developer', content: hidden.request }),
      fc.constant({ type: 'message', role: 'system', id: 'm1', content: [{ text: hidden.request }] }),
      fc.constant({ type: 'item_reference', id: 'm2', more: hidden.field }),
      arbitraryItem,
    ),
    { maxLength: 3 },
  ),
);

const runBody: fc.Arbitrary<RunEventBody> = fc.oneof(
  fc.record({
    type: of('iteration.started'),
    ...{ iteration, attempt: fc.nat(2), strategy: of('first', 'chain'), mode: of('poll', 'stream') },
    request: fc.constant({ model: 'm', input: [], background: true, instructions: hidden.request }),
  }),
  fc.record({ type: of('attempt.failed'), iteration, attempt: fc.nat(2), attempts, error }),
  fc.record({ type: of('response.status'), responseId, status: of('queued', 'in_progress'), ...pending }),
  fc.record({ type: of('poll', 'stream.connected'), ...pending }),
  fc.record({ type: of('stream.dropped'), reason: of('eof', 'gap'), ...pending }),
  fc.record({
    type: of('iteration.completed'),
    ...{ iteration, responseId: fc.option(responseId), status: of('completed', 'failed') },
    ...{ text: fc.option(of('x', 'yz')), toolCallIds: fc.array(callId, { maxLength: 2 }), usage },
    ...{ totalUsage: usage, attempts, error },
  }),
  fc.record({
    type: of('warning'),
    code: of('replay'),
    message: responseId.map((id) => `${hidden.error} ${id}`),
  }),
  fc.record({ type: of('run.ended'), status: of('failed', 'cancelled'), error, usage }),
  fc.record({ type: of('run.status'), status: of('queued', 'running_tools') }),
  fc.record({ type: of('run.cancelling'), reason: fc.constant(hidden.error) }),
  fc.record({ type: of('run.driver'), driver: of('here', 'none') }),
  fc.record({ type: of('run.owner'), owner: of('ann', 'bob') }),
  fc.record({ type: of('input.steered'), steerId: of('s1', 's2'), input: arbitraryInput }),
  fc.record({ type: of('input.sent'), iteration, steerIds: fc.array(of('s1', 's2'), { maxLength: 2 }) }),
);

const started: fc.Arbitrary<RunEventBody> = fc.record(
  {
    ...{ type: of('run.started'), runId: of('run_1', 'run_2'), agent: of('a') },
    ...{ status: of('queued'), createdAt: fc.nat(5), input: arbitraryInput },
    ...{ owner: of('ann'), threadId: of('thread_1'), continues: of('run_0'), title: of('Rome') },
    metadata: fc.constantFrom<Readonly<Record<string, string>>>({}, { tenant: hidden.metadata }),
    untrusted: fc.constantFrom<Readonly<Record<string, string>>>({}, { page: 'home' }),
  },
  { requiredKeys: ['type', 'runId', 'agent', 'status', 'createdAt', 'input', 'threadId', 'metadata'] },
);

/** Events in any order, including events that no run emits. */
export const arbitraryEvents: fc.Arbitrary<readonly RunEventBody[]> = fc
  .tuple(
    started,
    fc.array(
      fc.oneof(
        { weight: 10, arbitrary: itemBody },
        { weight: 8, arbitrary: callBody },
        { weight: 4, arbitrary: runBody },
        { weight: 1, arbitrary: started },
      ),
      { maxLength: 30 },
    ),
  )
  .map(([first, rest]) => [first, ...rest]);
