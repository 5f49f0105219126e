import * as fc from 'fast-check';
import type { Fault, Iteration, ScriptedCall } from '../../src/testing/index.ts';
import type { OutputItem } from '../../src/wire/items.ts';
import { markers } from './markers.ts';

const secret = { text: markers.privateArguments };
const shown = { text: 'shown' };

const call: fc.Arbitrary<ScriptedCall> = fc.constantFrom<ScriptedCall>(
  { name: 'open', arguments: shown },
  { name: 'fails', arguments: shown },
  { name: 'asks', arguments: shown },
  { name: 'page', arguments: shown },
  // The schema's error quotes the schema.
  { name: 'open', arguments: { text: 1 } },
  { name: 'closed', arguments: secret },
  { name: 'closed', arguments: markers.privateArguments },
  { name: 'closed_fails', arguments: secret },
  { name: 'closed_asks', arguments: secret },
  { name: 'closed_rules', arguments: secret },
  // A tool of a former version of the agent.
  { name: 'removed', arguments: secret },
);

const note = { created_by: markers.unknownField, unheard_of: markers.unknownField };
const customCall: OutputItem = {
  ...{ type: 'custom_tool_call', name: 'closed_text', input: markers.privateArguments, ...note },
};
const item: fc.Arbitrary<OutputItem> = fc.constantFrom<OutputItem>(
  {
    ...{ type: 'mcp_list_tools', server_label: 'docs', ...note },
    tools: [{ name: markers.listedTool, description: markers.listedTool, input_schema: {} }],
  },
  {
    type: 'mcp_call',
    server_label: 'docs',
    name: 'read',
    arguments: '{"page":1}',
    output: 'A page.',
    ...note,
  },
  { type: 'mcp_call', server_label: 'docs', name: 'read', arguments: '{}', error: markers.mcpError },
  { type: 'mcp_approval_request', server_label: 'docs', name: 'write', arguments: '{"page":2}' },
  {
    ...{
      type: 'code_interpreter_call',
      status: 'completed',
      code: 'print(1)',
      container_id: markers.container,
    },
    outputs: [{ type: 'logs', logs: '1' }],
  },
  { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'rain' }, ...note },
  {
    ...{ type: 'file_search_call', status: 'completed', queries: ['rain'] },
    results: [{ filename: 'a.txt', text: 'Rain.', attributes: { team: markers.attributes } }],
  },
  { type: 'image_generation_call', status: 'completed', result: 'aGk=', revised_prompt: 'A cat.', ...note },
  {
    ...{ type: 'reasoning', encrypted_content: markers.encrypted, ...note },
    summary: [{ type: 'summary_text', text: 'I think about rain.' }],
  },
  { type: 'program', call_id: 'prog_1', code: markers.program, fingerprint: markers.encrypted },
  { type: 'program_output', call_id: 'prog_1', result: markers.program, status: 'completed' },
  { type: 'tool_search_call', execution: 'server', status: 'completed', arguments: { query: 'maps' } },
  {
    type: 'tool_search_output',
    execution: 'server',
    status: 'completed',
    tools: [{ name: markers.foundTool }],
  },
  { type: 'hologram_call', status: 'completed', payload: markers.unknownItem },
  {
    type: 'agent_message',
    author: '/root',
    recipient: '/root/scout',
    content: [{ text: markers.unknownItem }],
  },
  customCall,
);

const text = fc.constantFrom('The weather is fine today.', 'Rain is likely, so take an umbrella.');
const iteration: fc.Arbitrary<Iteration> = fc.record(
  {
    reasoning: fc.constant('I look at the sky.'),
    messages: fc.array(
      fc.record(
        { text, phase: fc.constantFrom('commentary', 'final_answer'), agent: fc.constantFrom('/root/scout') },
        { requiredKeys: ['text'] },
      ),
      { maxLength: 2 },
    ),
    items: fc.array(item, { maxLength: 3 }),
    calls: fc.array(call, { maxLength: 3 }),
    text,
    deltaSize: fc.constantFrom(3, 12),
  },
  { requiredKeys: ['calls'] },
);

const end: fc.Arbitrary<Iteration> = fc.oneof(
  { weight: 6, arbitrary: text.map((one): Iteration => ({ text: one })) },
  fc.constantFrom<Iteration>(
    { fail: { code: 'server_error', message: markers.apiError } },
    { fail: { code: 'invalid_prompt', message: markers.apiError }, text: 'So far.' },
    { text: 'Too long', incomplete: true },
    { refusal: 'No.' },
  ),
);

const fault = fc.constantFrom<Fault>(
  { fault: 'http', status: 503, iteration: 1 },
  { fault: 'http', on: 'poll', status: 500, times: 2 },
  { fault: 'drop-after-event', n: 5 },
  { fault: 'drop-after-event', n: 12 },
  { fault: 'eof-without-terminal' },
  { fault: 'error-event-flat' },
  { fault: 'refused', on: 'create' },
  { fault: 'chain-ignored' },
  { fault: 'other-response-id' },
  { fault: 'other-ids-in-terminal' },
  { fault: 'rotating-item-ids' },
  { fault: 'unsequenced-events' },
  { fault: 'same-call-id' },
  { fault: 'empty-terminal-output' },
  { fault: 'unknown-item', item: { type: 'hologram_call', payload: markers.unknownItem } },
  // A server that executes functions itself, those of private tools too.
  { fault: 'call-with-output', output: markers.privateOutput },
);

/** A run: the model's script, the faults of the API, and a number for each move of the visitor. */
export interface Plan {
  readonly mode: 'poll' | 'stream';
  readonly script: readonly Iteration[];
  readonly faults: readonly Fault[];
  readonly moves: readonly number[];
  readonly continuation: 'auto' | 'replay';
}

export const arbitraryPlan: fc.Arbitrary<Plan> = fc.record({
  mode: fc.constantFrom('poll', 'stream', 'stream'),
  script: fc
    .tuple(fc.array(iteration, { minLength: 1, maxLength: 3 }), end)
    .map(([iterations, last]) => [...iterations, last]),
  faults: fc.array(fault, { maxLength: 2 }),
  moves: fc.array(fc.nat(31), { maxLength: 12 }),
  continuation: fc.constantFrom('auto', 'replay'),
});
