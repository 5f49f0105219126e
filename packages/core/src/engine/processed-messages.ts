import type { Decision } from './decision.ts';
import type { ProcessedMessage, RunState } from './run-state.ts';

/** The result of a message, without its id. */
export type MessageResult = ProcessedMessage extends infer Each
  ? Each extends ProcessedMessage
    ? Omit<Each, 'id'>
    : never
  : never;

/** The number of messages that a run remembers. It is small, because each save writes the head. */
const maxMessages = 50;

/** The result of the message with this id. Undefined if it was not processed. */
export function processedMessage(state: RunState, id: string): ProcessedMessage | undefined {
  return state.processedMessages?.find((message) => message.id === id);
}

/** The list with one more message, without the oldest messages over the limit. */
export function withProcessedMessage(
  state: RunState,
  message: ProcessedMessage,
): readonly ProcessedMessage[] {
  return [...(state.processedMessages ?? []), message].slice(-maxMessages);
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
