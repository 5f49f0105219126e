import type { Decision, RunView } from '@longhaul/core';
import { isCall } from './answer-chunks.ts';
import { waitOf } from './answer-stream.ts';
import type { ChatMessage, ChatPart } from './chat-message.ts';
import type { CallPart, NamedCall } from './tool-part.ts';
import { namedCalls } from './turn-messages.ts';

/** The decision that a message has about a waiting call. Undefined if it has none. */
function decisionOf({ call }: NamedCall, part: CallPart): Decision | undefined {
  const { callId, status } = call;
  if (status === 'awaiting_approval' && part.state === 'approval-responded') {
    const { approved, reason } = part.approval;
    if (approved) return { type: 'approve', callId };
    return { type: 'deny', callId, ...(reason === undefined ? {} : { reason }) };
  }
  if (status !== 'awaiting_output') return undefined;
  if (part.state === 'output-available') return { type: 'output', callId, output: part.output };
  return part.state === 'output-error' ? { type: 'error', callId, message: part.errorText } : undefined;
}

export interface MessageDecisions {
  readonly decisions: readonly Decision[];
  /** The waits that the decisions end. */
  readonly waits: ReadonlySet<string>;
}

/**
 * The decisions about calls that wait: the approvals and the outputs that a page has added to the message.
 *
 * @param views The runs of the message's turn. The calls of the last one can wait.
 */
export function messageDecisions(message: ChatMessage, views: readonly RunView[]): MessageDecisions {
  const parts: readonly ChatPart[] = message.parts;
  const byId = new Map(parts.flatMap((part) => (isCall(part) ? [[part.toolCallId, part]] : [])));
  const decisions: Decision[] = [];
  const waits = new Set<string>();
  for (const named of namedCalls(views)) {
    const wait = named.runId === views.at(-1)?.runId ? waitOf(named.call) : undefined;
    const part = byId.get(named.toolCallId);
    const decision = wait !== undefined && part ? decisionOf(named, part) : undefined;
    if (wait === undefined || decision === undefined) continue;
    decisions.push(decision);
    waits.add(wait);
  }
  return { decisions, waits };
}
