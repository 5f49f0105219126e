import type { EngineEventOf } from '../engine-event.ts';
import type { MessageResult } from '../message-result.ts';
import { processedMessage, withProcessedMessage } from '../processed-messages.ts';
import type { Step } from '../step.ts';
import { onCancelAsked } from './cancel.ts';
import { onDecided } from './decide.ts';

/**
 * Handles a decision or a cancel, from this process or from the inbox. A message that the run has processed before has
 * no effect: the store may return it again, and its sender may post it again.
 */
export function onMessage(
  step: Step,
  event: EngineEventOf<'decided' | 'cancel_asked' | 'unreadable_message'>,
): void {
  const { id } = event.source ?? {};
  if (id !== undefined && processedMessage(step.state, id) !== undefined) return;
  const result = applyMessage(step, event);
  if (id !== undefined) step.set({ processedMessages: withProcessedMessage(step.state, { id, ...result }) });
}

function applyMessage(
  step: Step,
  event: EngineEventOf<'decided' | 'cancel_asked' | 'unreadable_message'>,
): MessageResult {
  switch (event.type) {
    case 'decided':
      return onDecided(step, event);
    case 'cancel_asked':
      onCancelAsked(step, event);
      return { result: 'applied' };
    case 'unreadable_message':
      step.warn(
        'unreadable_message',
        'A decision or a cancel from another process could not be read and has no effect. Send it again.',
      );
      return { result: 'applied' };
  }
}
