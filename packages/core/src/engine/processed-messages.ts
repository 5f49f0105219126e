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

/** The recorded decisions for a call, oldest first. With `iteration`, only of a call of that iteration. */
function decisionsFor(
  { processedMessages = [] }: RunState,
  callId: string,
  iteration: number | undefined,
): readonly Decision['type'][] {
  return processedMessages
    .flatMap((message) => (message.result === 'applied' && message.decided ? message.decided : []))
    .filter((decided) => iteration === undefined || decided.iteration === iteration)
    .flatMap(({ calls }) => calls)
    .flatMap((call) => (call.callId === callId ? [call.decision] : []));
}

/** The last recorded decision for a call. With `iteration`, only of a call of that iteration. */
export function decisionMade(
  state: RunState,
  callId: string,
  iteration: number | undefined,
): Decision['type'] | undefined {
  return decisionsFor(state, callId, iteration).at(-1);
}

/** Whether a decision of this type is recorded for the call. It may not be the last one. */
export function isDecisionMade(
  state: RunState,
  callId: string,
  iteration: number,
  type: Decision['type'],
): boolean {
  return decisionsFor(state, callId, iteration).includes(type);
}
