import type { HostedToolPart, ToolCallView } from '@longhaul/core';
import type { DynamicToolUIPart, ToolUIPart } from 'ai';

/** A call of a tool in a message. */
export type CallPart = ToolUIPart | DynamicToolUIPart;

type Approval = Extract<CallPart, { readonly state: 'approval-requested' }>['approval'];

type Denial = Extract<CallPart, { readonly state: 'output-denied' }>['approval'];

/** The fields of the state of a call. */
type CallState =
  | { readonly state: 'input-streaming'; readonly input: undefined; readonly rawInput: string }
  | { readonly state: 'input-available'; readonly input: unknown }
  | { readonly state: 'approval-requested'; readonly input: unknown; readonly approval: Approval }
  | { readonly state: 'output-available'; readonly input: unknown; readonly output: unknown }
  | { readonly state: 'output-error'; readonly input: unknown; readonly errorText: string }
  | { readonly state: 'output-denied'; readonly input: unknown; readonly approval: Denial };

/** The call of a part, and the names that the message has for it. */
export interface NamedCall {
  readonly runId: string;
  readonly call: ToolCallView;
  /** Unique within the message: the id of the call, unless an earlier call of the message has it. */
  readonly toolCallId: string;
}

/** Identifies the approval in all messages of the thread, because servers repeat the ids of calls. */
function approvalIdOf({ runId, call }: NamedCall): string {
  return `${runId}/${call.iteration}/${call.callId}`;
}

function stateOf(named: NamedCall): CallState {
  const { call } = named;
  const { status, error, approvalView, rawArguments } = call;
  const input = call.arguments ?? (rawArguments === '' ? undefined : rawArguments);
  const descriptor = approvalView === undefined ? {} : { descriptor: approvalView };
  const asked = { id: approvalIdOf(named), ...descriptor };
  switch (status) {
    // Its response may still fail. `onToolCall` is called when the input is available.
    case 'pending':
      return { state: 'input-streaming', input: undefined, rawInput: rawArguments };
    case 'running':
    case 'awaiting_output':
      return { state: 'input-available', input };
    case 'awaiting_approval':
      return { state: 'approval-requested', input, approval: asked };
    case 'completed':
      return { state: 'output-available', input, output: call.output };
    case 'denied': {
      const reason = error === undefined ? {} : { reason: error.message };
      return { state: 'output-denied', input, approval: { ...asked, approved: false, ...reason } };
    }
    case 'failed':
    case 'timed_out':
    case 'interrupted':
    case 'cancelled':
      return { state: 'output-error', input, errorText: error?.message ?? `The call is ${status}.` };
  }
}

/** A call of an agent's tool, or a call of a hosted MCP server that a person must approve. */
export function callPart(named: NamedCall): CallPart {
  const { call, toolCallId } = named;
  const { name, serverLabel } = call;
  const state = stateOf(named);
  return serverLabel === undefined
    ? { type: `tool-${name}`, toolCallId, ...state }
    : { type: 'dynamic-tool', toolName: name, toolCallId, providerExecuted: true, ...state };
}

/** The fields of hosted calls that are their input. */
const inputFields = ['action', 'arguments', 'code', 'queries'] as const;

/** A tool that the API executes. Its output is the item of the call, or the item that answers it. */
export function hostedPart(
  { name, status, done, item, output }: HostedToolPart,
  toolCallId: string,
): CallPart {
  const input = Object.fromEntries(
    inputFields.flatMap((field) => (item[field] === undefined ? [] : [[field, item[field]]])),
  );
  const call = { type: 'dynamic-tool', toolName: name, toolCallId, providerExecuted: true } as const;
  if (!done) return { ...call, state: 'input-streaming', input: undefined, rawInput: '' };
  return status === 'failed' || status === 'incomplete'
    ? { ...call, state: 'output-error', input, errorText: `The status of ${name} is ${status}.` }
    : { ...call, state: 'output-available', input, output: output ?? item };
}
