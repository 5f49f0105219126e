import type { ChatChunk } from './chat-message.ts';
import { isSame } from './is-same.ts';
import type { CallPart } from './tool-part.ts';

/** How far a call of each state is. A person's answer in the message is ahead of the run until the run has received it. */
const ranks: Readonly<Record<CallPart['state'], number>> = {
  'input-streaming': 0,
  'input-available': 1,
  'approval-requested': 2,
  'approval-responded': 3,
  'output-available': 4,
  'output-error': 4,
  'output-denied': 4,
};

function toolNameOf(part: CallPart): string {
  return part.type === 'dynamic-tool' ? part.toolName : part.type.slice('tool-'.length);
}

/** The fields of the chunks that make a call. */
function identityOf(part: CallPart): {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly dynamic?: true;
  readonly providerExecuted?: true;
} {
  return {
    toolCallId: part.toolCallId,
    toolName: toolNameOf(part),
    ...(part.type === 'dynamic-tool' ? { dynamic: true } : {}),
    ...executedBy(part),
  };
}

function executedBy(part: CallPart): { readonly providerExecuted?: true } {
  return part.providerExecuted === true ? { providerExecuted: true } : {};
}

function rawInputOf(part: CallPart): string {
  return part.state === 'input-streaming' ? (part.rawInput ?? '') : '';
}

function inputDelta(toolCallId: string, before: string, after: string): readonly ChatChunk[] {
  const inputTextDelta = after.slice(before.length);
  return inputTextDelta === '' ? [] : [{ type: 'tool-input-delta', toolCallId, inputTextDelta }];
}

function approvalRequest(approval: NonNullable<CallPart['approval']>, toolCallId: string): ChatChunk {
  const { id: approvalId, descriptor } = approval;
  const shown = descriptor === undefined ? {} : { approvalDescriptor: descriptor };
  return { type: 'tool-approval-request', approvalId, toolCallId, ...shown };
}

/** The chunks from a call whose input is available to a later state. */
function toState(shown: CallPart, next: CallPart): readonly ChatChunk[] {
  const { toolCallId } = next;
  switch (next.state) {
    case 'input-streaming':
    case 'input-available':
    // No run is in this state. It is a person's answer in a message.
    case 'approval-responded':
      return [];
    case 'approval-requested':
      return [approvalRequest(next.approval, toolCallId)];
    case 'output-available':
      return [{ type: 'tool-output-available', toolCallId, output: next.output, ...executedBy(next) }];
    case 'output-error':
      return [{ type: 'tool-output-error', toolCallId, errorText: next.errorText, ...executedBy(next) }];
    case 'output-denied': {
      const { approval } = next;
      const { id: approvalId, reason } = approval;
      const request = shown.approval?.id === approvalId ? [] : [approvalRequest(approval, toolCallId)];
      const why = reason === undefined ? {} : { reason };
      return [
        ...request,
        { type: 'tool-approval-response', approvalId, approved: false, ...why },
        { type: 'tool-output-denied', toolCallId },
      ];
    }
  }
}

/** Whether both show the same result. */
function isSameState(shown: CallPart, next: CallPart): boolean {
  if (shown.state !== next.state) return false;
  if (next.state === 'output-available') return isSame(shown.output, next.output);
  if (next.state === 'output-error') return shown.errorText === next.errorText;
  return true;
}

/** The result of `callUpdate`: the chunks, and the part that the message has after them. */
export interface CallUpdate {
  readonly chunks: readonly ChatChunk[];
  readonly part: CallPart;
}

/**
 * The chunks that bring a call of a message to the state of the run. An answer of a person that the run does not have
 * yet stays. Undefined if no chunks can do it, because the call is another one or its input starts again.
 *
 * @param isOpen Whether the input of the shown call can grow.
 */
export function callUpdate(shown: CallPart, next: CallPart, isOpen: boolean): CallUpdate | undefined {
  if (shown.type !== next.type || shown.toolCallId !== next.toolCallId) return undefined;
  if (toolNameOf(shown) !== toolNameOf(next)) return undefined;
  if (shown.state === 'input-streaming') {
    if (next.state !== 'input-streaming') {
      const available: ChatChunk = { type: 'tool-input-available', ...identityOf(next), input: next.input };
      return { chunks: [available, ...toState(shown, next)], part: next };
    }
    const [before, after] = [rawInputOf(shown), rawInputOf(next)];
    if (before !== after && (!isOpen || !after.startsWith(before))) return undefined;
    return { chunks: inputDelta(next.toolCallId, before, after), part: next };
  }
  if (ranks[shown.state] > ranks[next.state] || isSameState(shown, next)) return { chunks: [], part: shown };
  return { chunks: toState(shown, next), part: next };
}

/** The chunks that add a call to a message. */
export function callStart(part: CallPart): readonly ChatChunk[] {
  const { toolCallId } = part;
  const input = { toolCallId, state: 'input-streaming', input: undefined, ...executedBy(part) } as const;
  const started: CallPart =
    part.type === 'dynamic-tool'
      ? { type: part.type, toolName: part.toolName, ...input }
      : { type: part.type, ...input };
  const start: ChatChunk = { type: 'tool-input-start', ...identityOf(part) };
  return [start, ...(callUpdate(started, part, true)?.chunks ?? [])];
}
