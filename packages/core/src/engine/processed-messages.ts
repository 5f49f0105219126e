import type { Decision } from './decision.ts';
import type { ProcessedMessage } from './message-result.ts';
import type { RunState } from './run-state.ts';

/** The number of newest messages that a run always remembers. It is small, because each save writes them all. */
const newestMessages = 50;
/**
 * The number of iterations whose decisions a run remembers. A process that follows the run may load the run only
 * after the decisions have ended the iteration of their calls.
 */
const iterationsKept = 2;

/** The result of the message with this id. Undefined if it was not processed, or is not remembered. */
export function processedMessage(state: RunState, id: string): ProcessedMessage | undefined {
  return state.processedMessages?.find((message) => message.id === id);
}

/** The list with an additional message, without the messages that `rememberedMessages` omits. */
export function withProcessedMessage(
  state: RunState,
  message: ProcessedMessage,
): readonly ProcessedMessage[] {
  return rememberedMessages(state, [...(state.processedMessages ?? []), message]);
}

/**
 * The newest messages, and each older message whose decisions were applied to calls of the current or the previous
 * iteration. The senders of these decisions may not have loaded the result yet. The number of calls limits the number
 * of decisions.
 */
export function rememberedMessages(
  { iteration }: RunState,
  messages: readonly ProcessedMessage[],
): readonly ProcessedMessage[] {
  const firstOfLast = messages.length - newestMessages;
  return messages.filter((message, index) => {
    if (index >= firstOfLast) return true;
    const decided = message.result === 'applied' ? message.decided : undefined;
    return decided !== undefined && decided.iteration > iteration - iterationsKept;
  });
}

/** The last recorded decision for a call. With `iteration`, only of a call of that iteration. */
export function decisionMade(
  { processedMessages = [] }: RunState,
  callId: string,
  iteration: number | undefined,
): Decision['type'] | undefined {
  return processedMessages
    .flatMap((message) => (message.result === 'applied' && message.decided ? message.decided : []))
    .filter((decided) => iteration === undefined || decided.iteration === iteration)
    .flatMap(({ calls }) => calls)
    .findLast((call) => call.callId === callId)?.decision;
}
