import { fromThreadMessageLike, type ToolCallMessagePart } from '@assistant-ui/react';
import { type HostedToolPart, isSettledCall, type ToolCallView, type ToolPart } from '@longhaul/core';

type Arguments = ToolCallMessagePart['args'];

function isObject(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The arguments that have streamed so far. */
function streamedArguments(toolCallId: string, argsText: string): Arguments {
  const { content } = fromThreadMessageLike(
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId, toolName: '', argsText }] },
    toolCallId,
    { type: 'running' },
  );
  const [part] = content;
  return part?.type === 'tool-call' && isObject(part.args) ? part.args : {};
}

/** Identifies the approval of a call. Calls of several runs may have the same id. */
export function approvalId(runId: string, callId: string): string {
  return `${runId}/${callId}`;
}

/**
 * The approval of a call. After a call was approved, its view only shows that it needed an approval if its tool has an
 * `approvalView`, or if a named person has decided.
 */
function approvalOf(call: ToolCallView, runId: string): Pick<ToolCallMessagePart, 'approval'> {
  const { callId, status, error, approvalView, decidedBy } = call;
  const id = approvalId(runId, callId);
  if (status === 'awaiting_approval') return { approval: { id } };
  if (status === 'denied')
    return { approval: { id, approved: false, ...(error === undefined ? {} : { reason: error.message }) } };
  if (approvalView === undefined && decidedBy === undefined) return {};
  return { approval: status === 'cancelled' ? { id, resolution: 'cancelled' } : { id, approved: true } };
}

function resultOf({ status, output, error }: ToolCallView): Pick<ToolCallMessagePart, 'result' | 'isError'> {
  if (!isSettledCall(status)) return {};
  // Without a result, assistant-ui shows a call as pending.
  if (status === 'completed') return { result: output ?? null };
  return { result: error?.message ?? status, isError: true };
}

function timingOf({ startedAt, endedAt }: ToolCallView): Pick<ToolCallMessagePart, 'timing'> {
  if (startedAt === undefined) return {};
  return { timing: { startedAt, ...(endedAt === undefined ? {} : { completedAt: endedAt }) } };
}

/** A call of the run. Its `artifact` is the call's view, with its status, progress, error and `approvalView`. */
export function toolCallPart({ call }: ToolPart, runId: string): ToolCallMessagePart {
  const { callId, name, rawArguments } = call;
  return {
    type: 'tool-call',
    toolCallId: callId,
    toolName: name,
    args: isObject(call.arguments) ? call.arguments : streamedArguments(callId, rawArguments),
    argsText: rawArguments,
    artifact: call,
    ...resultOf(call),
    ...approvalOf(call, runId),
    ...timingOf(call),
  };
}

/** The fields of an item that are not arguments of the call. */
const notArguments = new Set([
  'id',
  'type',
  'status',
  'agent',
  'output',
  'outputs',
  'results',
  'result',
  'error',
]);

/** A tool that the API executes. Its result is the item with its output. Its `artifact` is the part. */
export function hostedToolPart(part: HostedToolPart): ToolCallMessagePart {
  const { key, name, item, output, done, status } = part;
  const given = Object.entries(item).filter(
    ([field, value]) => value !== undefined && !notArguments.has(field),
  );
  const args: unknown = Object.fromEntries(given);
  return {
    type: 'tool-call',
    toolCallId: key,
    toolName: name,
    args: isObject(args) ? args : {},
    argsText: JSON.stringify(args),
    artifact: part,
    ...(done ? { result: output ?? item } : {}),
    ...(status === 'failed' ? { isError: true } : {}),
  };
}
