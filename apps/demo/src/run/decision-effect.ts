import type { ToolCallView } from '@longhaul/core';
import type { SentDecision, VisitorDecision } from './sent-decisions.ts';

/**
 * The effect of a decision of this tab on its call. It is `pending` until the view of the run shows a decision, and `lost`
 * if the view then shows another one: that one was saved earlier. Undefined if the tab has nothing to say about the call.
 */
export type DecisionEffect = 'pending' | 'lost' | undefined;

export function decisionEffect(
  { status, output }: Pick<ToolCallView, 'status' | 'output'>,
  sent: SentDecision | undefined,
): DecisionEffect {
  if (sent === undefined) return undefined;
  const { decision, state } = sent;
  // The call still waits, so the failed decision can be sent again.
  const waiting = state === 'failed' ? undefined : 'pending';
  switch (decision.type) {
    case 'approve':
      if (status === 'awaiting_approval') return waiting;
      return status === 'denied' ? 'lost' : undefined;
    case 'deny':
      if (status === 'awaiting_approval') return waiting;
      // A run that is cancelled cancels its calls, whether they were approved or not.
      return status === 'denied' || status === 'cancelled' ? undefined : 'lost';
    case 'output':
      if (status === 'awaiting_output') return waiting;
      // The server does not show the output of a private tool.
      if (status !== 'completed' || output === undefined) return undefined;
      return output === decision.output ? undefined : 'lost';
  }
}

const words = {
  approve: {
    sending: 'Approving…',
    accepted: 'Approved.',
    lost: 'Your approval has no effect: the call was denied before it.',
  },
  deny: {
    sending: 'Denying…',
    accepted: 'Denied.',
    lost: 'Your denial has no effect: the call was approved before it.',
  },
  output: {
    sending: 'Sending the answer…',
    accepted: 'Answered.',
    lost: 'Your answer has no effect: the call was answered before it.',
  },
} as const satisfies Readonly<Record<VisitorDecision['type'], object>>;

/**
 * A sentence about a decision of this tab, for the card of its call.
 *
 * @param wait The process that an accepted decision waits for, as a sentence. Empty if that is not known
 */
export function decisionText(
  { decision, state }: SentDecision,
  effect: DecisionEffect,
  wait: string,
): string {
  const of = words[decision.type];
  if (effect === 'lost') return of.lost;
  return state === 'accepted' ? `${of.accepted} ${wait}`.trim() : of.sending;
}

/** Whether the server has accepted a decision of this tab that the view of the run does not show yet. */
export function isDecided(
  call: Pick<ToolCallView, 'status' | 'output'>,
  sent: SentDecision | undefined,
): boolean {
  return sent?.state === 'accepted' && decisionEffect(call, sent) === 'pending';
}
