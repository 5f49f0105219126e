import type { EngineEventOf } from '../engine-event.ts';
import type { MessageResult } from '../message-result.ts';
import { processedMessage, withProcessedMessage } from '../processed-messages.ts';
import type { Step } from '../step.ts';
import { onCancelAsked } from './cancel.ts';
import { onDecided } from './decide.ts';
import { onLeaseAsked } from './lease.ts';
import { onSteerAsked } from './steer.ts';

type MessageEvent = EngineEventOf<
  'decided' | 'cancel_asked' | 'lease_asked' | 'steer_asked' | 'owner_assigned' | 'unreadable_message'
>;

/**
 * Handles a message of the user, from this process or from the inbox. A message that the run has processed before has
 * no effect: the store may return it again, and its sender may post it again.
 */
export function onMessage(step: Step, event: MessageEvent): void {
  const { id } = event.source ?? {};
  if (id !== undefined && processedMessage(step.state, id) !== undefined) return;
  const result = applyMessage(step, event);
  if (id !== undefined) step.set({ processedMessages: withProcessedMessage(step.state, { id, ...result }) });
}

function applyMessage(step: Step, event: MessageEvent): MessageResult {
  switch (event.type) {
    case 'decided':
      return onDecided(step, event);
    case 'cancel_asked':
      onCancelAsked(step, event);
      return { result: 'applied' };
    case 'lease_asked':
      return onLeaseAsked(step, event);
    case 'steer_asked':
      return onSteerAsked(step, event);
    case 'owner_assigned':
      step.set({ owner: event.owner });
      step.save();
      step.emit({ type: 'run.owner', owner: event.owner });
      return { result: 'applied' };
    case 'unreadable_message':
      step.warn(
        'unreadable_message',
        'A message from another process could not be read and has no effect. Send it again.',
      );
      return { result: 'applied' };
  }
}
